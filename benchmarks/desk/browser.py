"""A scripted person at the desk in a real Chromium."""

import shutil
from dataclasses import dataclass
from typing import Any

from benchmarks.desk.figures import Keys
from benchmarks.desk.places import Served, cpu_of, mebibytes_of
from benchmarks.desk.terminal import APPROVES

LOOK_MS = 350
WATCH = """
window.shown = []; window.pressed = 0;
const put = () => {
  const card = document.querySelector("#hand > [data-key]");
  const key = card ? card.dataset.key : "";
  if (!key || key === window.last) return;
  window.last = key;
  requestAnimationFrame(() => setTimeout(() => {
    window.shown.push(performance.now() - window.pressed);
  }, 0));
};
document.addEventListener("DOMContentLoaded", () => {
  const hand = document.getElementById("hand");
  if (hand) new MutationObserver(put).observe(hand, { childList: true });
});
document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
"""
"""Notes when a card stands on the screen, painted: since the page was asked for, then since the key that led to it."""


@dataclass(frozen=True, slots=True)
class Sat:
    """One sitting in the browser. `opened`: ms until the first card; `first`, `a_key`: bytes over the wire."""

    keys: Keys
    opened: float
    first: float
    a_key: float
    mebibytes: float


def sit(desk: Served, cards: int) -> Sat:
    """Decides so many cards."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            return _sat(chromium.new_page(), desk, cards)
        finally:
            chromium.close()


def _sat(page: Any, desk: Served, cards: int) -> Sat:
    page.goto(desk.link("Ann"))
    wire = Wire(page)
    page.context.add_init_script(WATCH)
    page.click("form button.main, main form button")
    _wait(page, 1)
    opened = page.evaluate("window.shown[0]")
    page.wait_for_timeout(1_000)
    first, waits, cpu = wire.bytes, [], cpu_of(desk.pid)
    while len(waits) < cards:
        page.wait_for_timeout(LOOK_MS)
        batch = page.locator("#hand > [data-key^='batch:']").count()
        if batch:
            page.keyboard.press("o")
            page.wait_for_selector("#hand > [data-key^='item:']")
            page.evaluate("window.shown = []")
            continue
        before = page.evaluate("window.shown.length")
        approves = len(waits) % APPROVES == 0 and page.locator("[data-action=approve]:visible").count()
        page.keyboard.press("a" if approves else "r")
        _wait(page, before + 1)
        waits.append(page.evaluate("window.shown[window.shown.length - 1]"))
    page.wait_for_timeout(300)
    keys = Keys(tuple(waits), 1e3 * (cpu_of(desk.pid) - cpu))
    return Sat(keys, opened, first, (wire.bytes - first) / len(waits), mebibytes_of(desk.pid))


def _wait(page: Any, number: int) -> None:
    page.wait_for_function("number => window.shown && window.shown.length >= number", arg=number, timeout=20_000)


class Wire:
    """Counts the bytes that a page gets."""

    def __init__(self, page: Any) -> None:
        self.bytes = 0.0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += event["encodedDataLength"]
