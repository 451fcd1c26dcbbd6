"""Kinds of spam that follow a company's account, and the look-alikes of a bought attack."""

from random import Random

from followguard.sandbox.genuine import casual
from followguard.sandbox.sketch import Sketch, count, digits_username, naming, pick, word_username
from followguard.sandbox.words import COINS, DEALS


def bought_follower(rng: Random, number: int) -> Sketch:
    """Makes one of those sold by the thousand: young, silent, follows everybody."""
    _, name, stem = naming(rng)
    return Sketch(
        name=name,
        username=digits_username(stem.capitalize(), number),
        bio=pick(rng, ("", "", "", "", "love life", "💕", "Hello world", "living my best life")),
        age_days=rng.uniform(3.0, 420.0),
        followers=int(rng.expovariate(1 / 12)),
        following=count(rng, 900, 0.7),
        posts=int(rng.expovariate(1 / 4)),
        likes=int(rng.expovariate(1 / 6)),
        picture=rng.random() < 0.5,
    )


def promoter(rng: Random, number: int) -> Sketch:
    """Makes somebody who sells something in every post."""
    deal = pick(rng, DEALS)
    posts = count(rng, 4_500, 1.0)
    return Sketch(
        name=f"{deal.title()} {pick(rng, ('Deals', 'Outlet', '4U', 'Shop', 'Best Price'))}",
        username=word_username(pick(rng, ("deals", "shop", "best", "get")), number, "24"),
        bio=f"🔥 BEST {deal.upper()} up to {pick(rng, (50, 70, 90))}% OFF 🔥 DM for promo 👉 link below #ad #sale",
        link=f"https://cheap-{deal.split()[-1]}.example/?r={number}",
        location=pick(rng, ("Worldwide", "Online", None)),
        age_days=rng.uniform(10.0, 900.0),
        followers=count(rng, 180, 1.2),
        following=count(rng, 2_400, 0.6),
        posts=posts,
        likes=count(rng, 20, 1.2),
        media=int(posts * rng.uniform(0.5, 0.95)),
        verified_type="blue" if rng.random() < 0.1 else "none",
    )


def giveaway(rng: Random, number: int) -> Sketch:
    """Makes somebody who gives away coins that don't exist."""
    coin = pick(rng, COINS)
    return Sketch(
        name=f"{coin} Official {pick(rng, ('🚀', '💎', 'Airdrop', 'Giveaway'))}",
        username=word_username(pick(rng, ("airdrop", "gem", "moon", "crypto")), number),
        bio=f"{coin} airdrop LIVE 🚀 Follow + RT + send wallet 💰 100x soon. t.me/{coin.strip('$')}x",
        link=f"https://{coin.strip('$').lower()}-claim.example",
        age_days=rng.uniform(1.0, 200.0),
        followers=count(rng, 450, 1.4),
        following=count(rng, 3_000, 0.5),
        posts=count(rng, 350, 1.0),
        likes=count(rng, 90, 1.5),
        verified_type="blue" if rng.random() < 0.3 else "none",
    )


def job_feed(rng: Random, number: int) -> Sketch:
    """Makes an account that posts vacancies by the minute and reads nothing."""
    place = pick(rng, ("London", "NYC", "Houston", "Manchester", "Atlanta", "Denver"))
    field = pick(rng, ("IT", "Nursing", "Sales", "Retail", "Logistics"))
    return Sketch(
        name=f"{place} {field} Jobs",
        username=word_username(f"{place[:4]}jobs".lower(), number),
        bio=f"Follow this account for geo-targeted {field} job tweets in {place}. Apply now ▶ link",
        location=place,
        link=f"https://jobs-{place.lower()}.example",
        age_days=rng.uniform(200.0, 3_000.0),
        followers=count(rng, 350, 0.6),
        following=count(rng, 240, 0.5),
        posts=count(rng, 9_000, 1.0),
        likes=int(rng.expovariate(1.0)),
        listed=count(rng, 12, 0.8),
    )


def follow_ring(rng: Random, number: int) -> Sketch:
    """Makes somebody who follows so as to be followed."""
    sketch = casual(rng, number)
    sketch.bio = pick(
        rng, ("#followback 100% ✅", "I FOLLOW BACK ALL 💯 #F4F #teamfollowback", "follow = follow 🤝 gain 1k a day")
    )
    sketch.followers = count(rng, 4_000, 0.8)
    sketch.following = int(sketch.followers * rng.uniform(0.9, 1.3))
    sketch.age_days, sketch.protected = rng.uniform(60.0, 1_500.0), False
    return sketch


def lure(rng: Random, number: int) -> Sketch:
    """Makes an account of a picture, a first name and a link."""
    _, name, stem = naming(rng)
    return Sketch(
        name=f"{name.split()[0]} {pick(rng, ('🍑', '💋', '🔥'))}",
        username=digits_username(stem.capitalize(), number),
        bio=pick(rng, ("my private page 👇", "single & bored 🥺 click 👇", "18+ only, link 👇")),
        link=f"https://meet-{stem}.example/{number}",
        age_days=rng.uniform(0.2, 90.0),
        followers=count(rng, 25, 1.2),
        following=count(rng, 700, 0.8),
        posts=count(rng, 6, 0.9),
        likes=int(rng.expovariate(0.1)),
        media=rng.randrange(1, 6),
    )


def disguised(rng: Random, number: int) -> Sketch:
    """Makes spam that took trouble: a believable profile that follows too many."""
    sketch = casual(rng, number)
    sketch.age_days, sketch.following = rng.uniform(30.0, 700.0), count(rng, 2_000, 0.5)
    sketch.protected = False
    return sketch


def look_alike(rng: Random, number: int) -> Sketch:
    """Makes one account of an attack, hardly different from the next.

    One script made them in one week; they have no picture.
    """
    _, name, stem = naming(rng)
    return Sketch(
        name=name.split()[0],
        username=digits_username(stem.capitalize(), number),
        age_days=rng.uniform(40.0, 46.0),
        followers=rng.randrange(4),
        following=rng.randrange(180, 221),
        posts=rng.randrange(3),
        likes=rng.randrange(2),
        picture=False,
    )
