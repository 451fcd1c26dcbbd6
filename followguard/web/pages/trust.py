"""How often machine and people were wrong, beside the base rate, and what blind tests came to."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.domain.wording import safe_text
from followguard.review.words import percent
from followguard.trust.figures import TrackRecord, WordAgainstWord
from followguard.trust.told import Trust, trust_of
from followguard.trust.words import held_words, standing_words, taken_words, word_words
from followguard.web.pages.scope import scope_of
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import visit_of


def show(request: Request) -> Response:
    """Shows the last 28 days of each account."""
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        told = [trust_of(work, each.settings, visit.now) for each in scope.chosen(visit.account)]
    return page(request, "trust.html.j2", accounts=[_told(each) for each in told], handles=scope.handles)


def _told(trust: Trust) -> dict[str, Any]:
    figures = trust.figures
    models = figures.models if len(figures.models) == 1 else (figures.machine, *figures.models)
    waits = trust.standing.waits_for_test
    return {
        "account": figures.account,
        "since": figures.since,
        "records": [_record(each) for each in models if each.decided],
        "turned": figures.turned,
        "ever": held_words(figures.ever) if figures.ever.share is not None else "",
        "words": [word_words(each) for each in figures.words],
        "standing": t("trust.waits_for_test") if waits else standing_words(trust.standing, figures.account),
        "tests": [taken_words(each) for each in trust.tests],
    }


def _record(record: TrackRecord) -> dict[str, str]:
    base = record.base_rate or 0.0
    return {
        "name": safe_text(record.name, 60),
        "decided": f"{record.decided:,}",
        "spam": percent(base),
        "spam_was_real": _wrong(record.spam_was_real, 1 - base),
        "genuine_was_spam": _wrong(record.genuine_was_spam, base),
        "unsure": f"{record.unsure:,}",
    }


def _wrong(against: WordAgainstWord, of_all: float) -> str:
    if against.share is None:
        return t("trust.never")
    said = {"wrong": f"{against.wrong:,}", "said": f"{against.said:,}"}
    return t("trust.wrong", share=percent(against.share), of_all=percent(of_all), **said)


ROUTES = [Route("/trust", show)]
