"""The hash chain gives away one changed, missing, reordered or cut-off entry."""

from dataclasses import replace

import pytest

from followguard.proof.finding import ProofFinding
from followguard.proof.head import HeadCheck
from followguard.proof.vouching import Vouched
from followguard.store.hashchain import GENESIS, Entry, Opening, canonical, commit, entry_hash, link, verify


def chain(length: int) -> list[Entry]:
    """A whole chain of made-up entries."""
    entries: list[Entry] = []
    for number in range(length):
        opening = Opening(f"{number:032x}", {"number": number})
        last = entries[-1] if entries else None
        at = f"2026-08-22T00:00:{number:02}.000000+00:00"
        entries.append(link(last, at=at, kind="test", account="acme", actor="p1", commitment=commit(opening)))
    return entries


def codes(entries: list[Entry], openings: dict[int, Opening] | None = None) -> list[str]:
    """Codes of the faults that `verify` finds."""
    return [each.code for each in verify(entries, openings)]


def accused(entries: list[Entry], head: str) -> bool:
    """Tells whether a head that was seen earlier speaks against the chain."""
    findings: list[ProofFinding] = []
    HeadCheck(Vouched(entries={each.seq: each for each in entries}, openings={}), findings, []).expect(head)
    return [each.rule for each in findings] == ["head"]


def test_whole_chain_has_no_break() -> None:
    """A chain as it was written verifies, the empty one too."""
    assert verify(chain(6)) == []
    assert verify([]) == []


def test_first_entry_follows_zeros() -> None:
    """The first entry is number 1 and names 64 zeros as the hash before it."""
    first = chain(1)[0]
    assert (first.seq, first.prev) == (1, GENESIS)


@pytest.mark.parametrize("field", ["at", "kind", "account", "actor", "commitment", "hash"])
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_changed_field_is_found(field: str, place: int) -> None:
    """Any field of any entry, the first and the last too, can't be changed unseen."""
    entries = chain(6)
    entries[place] = replace(entries[place], **{field: "f" * 64})
    breaks = verify(entries)
    assert breaks[0].seq == entries[place].seq
    assert breaks[0].code == "changed"


def test_a_rehashed_change_is_found_at_the_next_entry() -> None:
    """Mending the entry's own hash too breaks the link to the next one."""
    entries = chain(6)
    changed = replace(entries[2], actor="somebody else", hash="")
    entries[2] = replace(changed, hash=entry_hash(changed))
    assert [(each.seq, each.code) for each in verify(entries)] == [(4, "changed")]


def test_a_missing_entry_is_found() -> None:
    """A hole in the middle, and at the beginning."""
    entries = chain(6)
    assert codes(entries[:2] + entries[3:]) == ["missing"]
    assert verify(entries[2:])[0].text == "entries 1 to 2 are missing"


def test_reordered_entries_are_found() -> None:
    """Two entries that changed places."""
    entries = chain(6)
    entries[2], entries[3] = entries[3], entries[2]
    assert "reordered" in codes(entries)


def test_renumbered_entries_are_found() -> None:
    """Closing a hole by renumbering changes what the hashes cover."""
    entries = chain(6)
    rest = [replace(each, seq=each.seq - 1) for each in entries[3:]]
    assert "changed" in codes(entries[:2] + rest)


def test_a_doubled_entry_is_found() -> None:
    """The same entry twice."""
    entries = chain(3)
    assert codes([*entries, entries[-1]]) == ["reordered"]


def test_a_cut_is_found_by_a_head_seen_earlier() -> None:
    """A chain cut at its end is whole from inside; the head that went out with a night's report gives it away."""
    entries = chain(6)
    assert codes(entries[:4]) == []
    assert accused(entries[:4], entries[5].hash)
    assert accused([], entries[0].hash)


def test_a_head_seen_earlier_holds_while_the_chain_grows() -> None:
    """Last week's head is still in today's chain, and so is the head of an empty log."""
    entries = chain(6)
    assert not accused(entries, entries[2].hash)
    assert not accused(entries, GENESIS)


def test_a_whole_chain_written_anew_is_found_by_its_head() -> None:
    """Somebody who recomputes everything after a change ends at another head."""
    entries = chain(6)
    forged = entries[:2]
    for old in entries[2:]:
        forged.append(
            link(forged[-1], at=old.at, kind="forged", account=old.account, actor=old.actor, commitment=old.commitment)
        )
    assert codes(forged) == []
    assert accused(forged, entries[-1].hash)


def test_a_changed_payload_is_found_and_an_erased_one_is_not_missed() -> None:
    """The commitment binds the payload; erasing salt and payload leaves the chain whole."""
    entries = chain(3)
    whole = {number + 1: Opening(f"{number:032x}", {"number": number}) for number in range(3)}
    assert codes(entries, openings=whole) == []
    assert codes(entries, openings={1: whole[1]}) == []
    assert codes(entries, openings={1: Opening(whole[1].salt, {"number": 7})}) == ["payload"]
    assert codes(entries, openings={1: Opening("no hex", whole[1].payload)}) == ["payload"]


def test_equal_json_has_one_encoding() -> None:
    """Equal JSON has equal bytes, whatever the order of keys and the alphabet."""
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == b'{"a":"\\u00e9","b":1}'


def test_what_json_cannot_hold_is_refused() -> None:
    """NaN has no JSON, so it can't be committed to."""
    with pytest.raises(ValueError, match="JSON"):
        canonical({"share": float("nan")})


def test_equal_payloads_have_different_commitments() -> None:
    """The salt keeps a payload from being guessed by trying."""
    assert commit(Opening("00" * 16, {"a": 1})) != commit(Opening("01" * 16, {"a": 1}))


def test_a_payload_of_another_kind_is_a_changed_one() -> None:
    """A number where the salt stood, a list where the payload did."""
    entries = chain(1)
    for odd in (Opening(7, {}), Opening("00", [])):  # type: ignore[arg-type]
        assert codes(entries, openings={1: odd}) == ["payload"]
