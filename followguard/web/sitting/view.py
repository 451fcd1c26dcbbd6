"""Cards as the page shows them: plain values for the templates. Text from X is made safe here, and escaped there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.domain.card import Card, profile_url
from followguard.domain.decision import Decision
from followguard.domain.follower import Profile
from followguard.domain.note import CardNote
from followguard.domain.policy import AccountSettings, Band
from followguard.domain.wording import safe_text
from followguard.review.desk.shown import OfferedBatch, ShownCard
from followguard.review.dossier import Dossier
from followguard.review.words import OTHER, age_words, decision_words, percent, score_words, state_words
from followguard.web.sitting.batches import BatchDot, scatter
from followguard.web.sitting.looks_store import EarlierLook
from followguard.web.strings import t

COUNTS = ("followers_count", "following_count", "tweet_count", "like_count", "listed_count", "media_count")
SIGNS: Mapping[Band, str] = {Band.GENUINE: "✓", Band.UNSURE: "?", Band.SPAM: "!"}
"""A sign beside each band's word and colour."""
PICTURE_HOSTS = ("https://pbs.twimg.com/", "https://abs.twimg.com/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """How cards look to this reader. `pictures`: the reader's browser may load them from X's own hosts."""

    settings: Mapping[str, AccountSettings]
    pictures: bool
    now: datetime


def card_view(shown: ShownCard, look: Viewing) -> dict[str, Any]:
    """Returns what the card's template needs; without band and reasons where the card is blind."""
    found, card = shown.found, shown.card
    return profile_view(card.profile, look) | {
        "kind": "card",
        "item": card.item,
        "account": card.account,
        "colour": look.settings[card.account].colour,
        "first_seen_at": card.first_seen_at,
        "returned_at": card.returned_at,
        "blind": shown.blind,
        "judgement": None if shown.blind else judgement_view(card),
        "context": context_view(found, look.now),
        "notes": [note_view(each) for each in found.notes],
    }


def profile_view(profile: Profile, look: Viewing) -> dict[str, Any]:
    """Returns what X shows of a follower, safe to print. `counts`: field and number, or None where X said nothing."""
    return {
        "follower_id": profile.id,
        "name": safe_text(profile.name, 80) or "(no name)",
        "username": safe_text(profile.username, 40),
        "url": profile_url(profile),
        "bio": safe_text(profile.description, 1000),
        "link": safe_text(profile.url, 300),
        "place": safe_text(profile.location, 100),
        "verified": bool(profile.verified),
        "verified_type": safe_text(profile.verified_type, 20),
        "protected": bool(profile.protected),
        "counts": [(name, getattr(profile, name)) for name in COUNTS],
        "age": age_words(profile),
        "created_at": profile.created_at,
        "observed_at": profile.observed_at,
        "picture": _picture(profile) if look.pictures else "",
    }


def judgement_view(card: Card) -> dict[str, Any]:
    """Returns band, look marks and reasons, the heaviest first; the remainder only where nothing else is told."""
    marked = {mark.code for mark in card.look}
    told = [each for each in card.reasons if each.code not in marked and each.code != OTHER]
    told = told or [each for each in card.reasons if each.code not in marked]
    told.sort(key=lambda each: -abs(each.weight))
    return {
        "band": card.band.value,
        "sign": SIGNS[card.band],
        "score": score_words(card),
        "share": "" if card.p_spam is None else percent(card.p_spam),
        "alone": bool(card.look),
        "look": [safe_text(mark.text, 300) for mark in card.look],
        "reasons": [
            {"says": "spam" if each.weight > 0 else "genuine" if each.weight < 0 else "", "text": safe_text(each.text)}
            for each in told
        ],
        "parked": safe_text(card.parked, 200),
        "provisional": card.provisional,
        "model": card.model or "",
    }


def context_view(found: Dossier, now: datetime) -> dict[str, Any]:
    """Returns routes, batch, why the card is back, earlier decisions, and the follower's cards elsewhere."""
    card = found.card
    return {
        "routes": [safe_text(route, 60) for route in found.routes],
        "note": safe_text(card.note, 400),
        "batch": card.batch,
        "batch_size": card.batch_size,
        "alike": safe_text(card.batch_alike, 300),
        "history": [decision_view(each) for each in found.history],
        "elsewhere": [(each.account, state_words(each, now)) for each in found.elsewhere],
    }


def note_view(note: CardNote) -> dict[str, Any]:
    """Returns a note: who, when, what, and whom it asks while that is open."""
    return {
        "at": note.at,
        "person": note.person,
        "text": safe_text(note.text, 2000),
        "asks": (note.asked or "") if note.is_open else "",
    }


def earlier_view(card: Card, looks: Sequence[EarlierLook]) -> list[dict[str, Any]]:
    """Returns earlier looks, the newest first, each with what of it differs from today's."""
    now, rows = card.profile, []
    for each in looks:
        before = {
            "username": _if_other(each.username, now.username, 40),
            "name": _if_other(each.name, now.name, 80),
            "bio": _if_other(each.bio, now.description, 300),
        }
        if any(before.values()):
            rows.append({"at": each.last_seen_at} | before)
    return rows


def _if_other(before: str | None, now: str | None, most: int) -> str:
    """Returns the earlier text where it isn't today's; one that was empty is said in words."""
    if (before or "") == (now or ""):
        return ""
    return safe_text(before, most) or t("card.empty")


def decision_view(decision: Decision) -> dict[str, Any]:
    """Returns one earlier decision: when, and in words by whom and what."""
    words = safe_text(decision_words(decision), 200)
    return {"at": decision.at, "words": words.partition(" ")[2].partition(" ")[2], "undone": decision.undone}


def batch_view(block: OfferedBatch, look: Viewing, usual: float | None, arrivals: Sequence[BatchDot]) -> dict[str, Any]:
    """Returns what the batch's template needs.

    `usual`: new followers on such a night, None where too few nights are known; `arrivals`: those of its own night.
    """
    return {
        "kind": "batch",
        "batch": block.batch,
        "account": block.account,
        "colour": look.settings[block.account].colour,
        "size": len(block.items),
        "alike": safe_text(block.alike, 500),
        "examples": [row_view(card) for card in block.examples],
        "usual": usual,
        "new": len(arrivals),
        "dots": scatter(arrivals),
    }


def row_view(card: Card, *, blind: bool = False) -> dict[str, Any]:
    """Returns one line of a list; without the band where the card hides it."""
    return {
        "item": card.item,
        "account": card.account,
        "name": safe_text(card.profile.name, 40) or "(no name)",
        "username": safe_text(card.profile.username, 40) or card.follower_id,
        "band": "" if blind else card.band.value,
        "sign": "" if blind else SIGNS[card.band],
        "later": card.due if card.state.value == "later" else None,
    }


def _picture(profile: Profile) -> str:
    url = profile.profile_image_url or ""
    return url if url.startswith(PICTURE_HOSTS) else ""
