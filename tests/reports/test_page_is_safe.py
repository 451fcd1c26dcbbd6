"""The report's page is safe: text stays text, links lead to X, nothing is fetched, no half file is left."""

import re
import resource
from dataclasses import replace
from pathlib import Path

import pytest

from followguard.domain.policy import Reason
from followguard.errors import UsageError
from followguard.reports import html as page_module
from followguard.reports.figures import NightError
from followguard.reports.html import html_of, render_report
from followguard.reports.page import Batch, NightPage, OrderFigures, Stuck
from followguard.testing import made_up_profile
from followguard.training.base import card_page
from tests.builders.html_page import Seen
from tests.builders.report_page import account_page, card, night

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} </style><style>*{display:none}</style>"
TRICKS = ("javascript:alert(1)", "data:text/html,<b>x</b>", "//evil.example/x", "https://evil.example/")


def hostile_page() -> NightPage:
    """Everything that strangers, X or people write is an attack."""
    profile = replace(
        made_up_profile("7"),
        username=f"a{HOSTILE}",
        name=f"\u202egnp.exe\x1b[31m{HOSTILE}",
        description=f"{HOSTILE} {' '.join(TRICKS)}\n\u2066x\u200b",
        location=HOSTILE,
        url=TRICKS[0],
        verified=True,
        verified_type=HOSTILE,
        profile_image_url="https://pbs.twimg.com/x.png",
    )
    bad = card(7, profile, note=HOSTILE, parked=HOSTILE, p_spam=None, reasons=(Reason("x", HOSTILE, 2.0),), audit=True)
    batch = Batch(number=1, alike=HOSTILE, size=2, total=2, cards=(bad,))
    stuck = Stuck(item=7, follower_id="7", name=HOSTILE, url=TRICKS[0], why=HOSTILE)
    made = account_page(bad, orders=OrderFigures(due=1, stuck=(stuck,)), model=HOSTILE)
    errors = (NightError("later", HOSTILE),)
    figures = replace(made.figures, status="partial", errors=errors, not_ours=(HOSTILE,))
    return night(replace(made, figures=figures, list=replace(made.list, batches=(batch,))))


@pytest.fixture(scope="module")
def hostile() -> Seen:
    """The hostile night as a browser would take it apart."""
    return Seen(html_of(hostile_page()))


def test_hostile_text_stays_text(hostile: Seen) -> None:
    """No element and no attribute comes from what strangers wrote, and all of it can still be read."""
    assert {tag for tag, _ in hostile.tags}.isdisjoint({"script", "img", "iframe", "object", "form", "link", "base"})
    assert sum(tag == "style" for tag, _ in hostile.tags) == 1
    assert not any(name.startswith("on") or name == "style" for _, attrs in hostile.tags for name in attrs)
    assert "<script>alert(1)</script>" in hostile.text
    assert "{{ 7*7 }}" in hostile.text
    assert hostile.open == []


def test_what_would_turn_text_round_is_made_visible(hostile: Seen) -> None:
    """Direction overrides, escapes and invisible letters lose their power."""
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202a-\u202e\u2066-\u2069]", hostile.text)
    assert "⟨U+202E⟩" in hostile.text


def test_every_link_leads_to_x_or_into_the_page(hostile: Seen) -> None:
    """No javascript:, no data:, no stranger's site; what opens x.com doesn't say where it came from."""
    links = [attrs for tag, attrs in hostile.tags if tag == "a"]
    outside = [attrs for attrs in links if not (attrs["href"] or "").startswith("#")]
    assert {attrs["href"] for attrs in outside} == {"https://x.com/i/user/7"}
    assert all({"noopener", "noreferrer"} <= set((attrs["rel"] or "").split()) for attrs in outside)


def test_links_into_the_page_arrive(hostile: Seen) -> None:
    """Each one names an id that is there, and no id is there twice."""
    ids = list(hostile.attributes("id"))
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in hostile.attributes("href") if href.startswith("#")} <= set(ids)


def test_nothing_is_fetched(hostile: Seen) -> None:
    """No address that a browser would load by itself, and a policy that forbids it."""
    names = ("src", "srcset", "poster", "data", "background", "action", "ping", "xlink:href")
    assert not any(list(hostile.attributes(name)) for name in names)
    (policy,) = (
        attrs["content"] for tag, attrs in hostile.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "url(" not in page_module.STYLE.read_text(encoding="utf-8")


def test_the_policy_lets_our_own_style_through() -> None:
    """The policy's hash is of exactly the text between the style tags."""
    text = html_of(night())
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    assert page_module.content_policy(style).replace("'", "&#39;") in text


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """Whatever stands in the way is said, and no half file is left."""
    (tmp_path / "reports").write_text("in the way", encoding="utf-8")
    with pytest.raises(UsageError, match="can't be written"):
        render_report(night(), tmp_path / "reports" / "x.html")
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_a_full_disk_leaves_the_old_report(tmp_path: Path) -> None:
    """The new one isn't begun in its place."""
    path = tmp_path / "x.html"
    render_report(night(), path)
    before = path.read_text(encoding="utf-8")
    most, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    made = night(*(account_page(card(n), handle=f"a{n}") for n in range(2)))
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        with pytest.raises(UsageError, match="can't be written: File too large"):
            render_report(made, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    assert path.read_text(encoding="utf-8") == before
    assert [each.name for each in tmp_path.iterdir()] == ["x.html"]


def test_the_template_travels_with_the_package() -> None:
    """Templates are loaded from beside the module, and escape everything but our styles and our chart."""
    texts = [
        path.read_text(encoding="utf-8") for module in (page_module, card_page) for path in module.HERE.glob("*.j2")
    ]
    assert len(texts) == 3
    assert sorted(re.findall(r"\{\{ ([^{}]*\| safe) \}\}", "".join(texts))) == [
        "account | chart | safe",
        "style | safe",
        "style | safe",
    ]
    assert "".join(texts).count("safe }}") == 3
    assert "autoescape false" not in "".join(texts)
