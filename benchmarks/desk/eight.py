"""Eight people at eight browsers decide the same cards at once, over HTTP."""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from benchmarks.desk.figures import nearest
from benchmarks.desk.places import EIGHT, Place, Served, served


@dataclass(slots=True)
class Worker:
    """One person's browser. `decided`: items; `waits`: ms of each decision; `refused`: cards that others were at."""

    desk: Served
    client: Any
    decided: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    refused: int = 0
    token: str = ""

    def sign_in(self, name: str) -> None:
        """Spends a personal link, and loads the desk."""
        self.client.post(self.desk.link(name), headers={"origin": self.desk.address})
        page = self.client.get("/").text
        self.token = re.findall(r'name="csrf" content="([^"]+)"', page)[0]

    def work(self) -> None:
        """Rejects what comes until nothing does; opens each batch."""
        while hand := self.client.get("/desk/hand").json()["hand"]:
            card = hand[0]
            if "batch" in card:
                self._send("batch/open", {"batch": card["batch"]})
            else:
                self._decide(card["item"])

    def _decide(self, item: int) -> None:
        began = time.perf_counter()
        seen = self._send("seen", {"item": item})
        said = {"item": item, "seen": seen.get("seen", ""), "action": "reject", "reason": "spam"}
        if "seen" in seen and "said" in self._send("decide", said):
            self.decided.append(item)
            self.waits.append(1e3 * (time.perf_counter() - began))
        else:
            self.refused += 1

    def _send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"origin": self.desk.address, "x-followguard-token": self.token, "accept": "application/json"}
        answer: dict[str, Any] = self.client.post(f"/desk/{path}", json=body, headers=headers).json()
        return answer


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of it. `twice`: cards that two people decided; `kept`: decisions in the database."""

    seconds: float
    middle: float
    late: float
    decided: int
    twice: int
    refused: int
    kept: int
    least: int
    most: int


def share(place: Place, cards: int) -> Shared:
    """Lets eight people decide all cards of a place."""
    import httpx

    with served(place) as desk:
        workers = [Worker(desk, httpx.Client(base_url=desk.address, timeout=60)) for _ in EIGHT]
        for worker, name in zip(workers, EIGHT, strict=True):
            worker.sign_in(name)
        began = time.perf_counter()
        with ThreadPoolExecutor(len(workers)) as crowd:
            for done in [crowd.submit(each.work) for each in workers]:
                done.result()
        seconds = time.perf_counter() - began
    made = Counter(item for each in workers for item in each.decided)
    waits = [wait for each in workers for wait in each.waits]
    kept = place.decisions()
    if len(made) != cards:
        raise RuntimeError(f"{len(made)} of {cards} cards were decided")
    return Shared(
        seconds=seconds,
        middle=nearest(waits, 0.5),
        late=nearest(waits, 0.95),
        decided=len(made),
        twice=sum(number > 1 for number in made.values()),
        refused=sum(each.refused for each in workers),
        kept=kept,
        least=min(len(each.decided) for each in workers),
        most=max(len(each.decided) for each in workers),
    )
