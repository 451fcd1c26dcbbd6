"""A house whose cards show whatever a card can: notes, a question, long and right-to-left names, a batch."""

from dataclasses import replace

from followguard.domain.follower import Profile
from followguard.review.notes import add_note, ask
from tests.builders.reviewing import APPROVE, LATER, SPAM, House, look_alikes, ordinary

ARABIC = "صحفية مستقلة تكتب عن المدن والحدائق https://example.org"
LONG = "Dr. Maximiliane Freifrau von Hohenstein-Waldburg-Zeil, Chief Everything Officer"


def faces(house: House) -> list[Profile]:
    """Followers who look different from each other."""
    base = [ordinary(str(1001 + place), house.now) for place in range(8)]
    return [
        replace(base[0], name=LONG, description="Journalist. " + "Maps, trains and gardens. " * 8, verified=True),
        replace(base[1], name="ياسمين الحداد", description="صحفية تكتب عن المدن والحدائق https://example.org"),
        replace(base[2], name="Averyveryverylongnamewithoutanyspaceatall" * 2, username="x" * 15, protected=True),
        replace(base[3], name="", description="", location="", url=""),
        *base[4:],
    ]  # fmt: skip


def full_house(house: House) -> House:
    """Eight people, a batch, decisions, notes, a question, and an approval to hand off."""
    for place, p_spam in enumerate((0.02, 0.05, 0.5, 0.97)):
        house.p_spam[str(1001 + place)] = p_spam
    house.read(*faces(house), *look_alikes(30))
    house.night()
    house.decide("1005", APPROVE)
    house.decide("1006", APPROVE)
    house.decide("1007", SPAM)
    house.decide("1008", LATER)
    item = house.card("1001").item
    with house.store.begin() as work:
        add_note(work, house.hand("Ben"), item, "She wrote about us in May.")
        add_note(work, house.hand("Ben"), item, "Spoke to her: " + "yes, please. " * 20)
        ask(work, house.hand("Rea"), item, "Ada", "Do we know her from the trade fair?")
    return house
