"""Kinds of believable people, from the talkative to the brand-new."""

from random import Random

from followguard.sandbox.sketch import Sketch, bio, count, digits_username, firm, naming, pick, word_username
from followguard.sandbox.words import JOBS


def _age(rng: Random, middle_years: float) -> float:
    return min(max(20.0, 365.0 * middle_years * rng.lognormvariate(0.0, 0.6)), 365.0 * 17)


def _username(rng: Random, stem: str, number: int) -> str:
    style = rng.random()
    if style < 0.2:
        return digits_username(stem.capitalize(), number)
    if style < 0.35:
        return word_username(stem, number, f"{rng.randrange(70, 100)}")
    return word_username(stem + "_" if style < 0.55 else stem, number)


def casual(rng: Random, number: int) -> Sketch:
    """Makes somebody who reads more than they write and follows a few hundred."""
    language, name, stem = naming(rng)
    posts = count(rng, 900, 1.8)
    return Sketch(
        name=name + pick(rng, ("", "", "", " 🌻", " ✨", " ⚽")),
        username=_username(rng, stem, number),
        bio=bio(rng, language) if rng.random() < 0.75 else "",
        location=pick(rng, language.places) if rng.random() < 0.5 else None,
        age_days=_age(rng, 6),
        followers=count(rng, 140, 1.3),
        following=count(rng, 260, 1.0),
        posts=posts,
        likes=count(rng, 2_500, 1.7),
        listed=int(rng.random() * 4),
        media=int(posts * rng.random() * 0.3),
        picture=rng.random() < 0.92,
        protected=rng.random() < 0.08,
        verified_type="blue" if rng.random() < 0.04 else "none",
    )


def professional(rng: Random, number: int) -> Sketch:
    """Makes somebody who writes about work, with a link and a place."""
    sketch = casual(rng, number)
    sketch.bio = f"{pick(rng, JOBS).capitalize()} at {firm(rng)}. {sketch.bio}"[:160]
    sketch.link = f"https://{sketch.username.lower().replace('_', '')}.example" if rng.random() < 0.6 else None
    sketch.followers, sketch.listed = count(rng, 800, 1.3), count(rng, 9, 1.2)
    sketch.following, sketch.protected = count(rng, 520, 0.8), False
    sketch.verified_type = "blue" if rng.random() < 0.18 else "none"
    return sketch


def organisation(rng: Random, number: int) -> Sketch:
    """Makes a small firm, a museum or a club."""
    name = firm(rng)
    stem = name.split()[0].lower()
    posts = count(rng, 1_800, 1.2)
    return Sketch(
        name=name,
        username=word_username(stem, number),
        bio=f"{name}: {pick(rng, ('we make', 'all about', 'your place for'))} {pick(rng, JOBS)} tools. Since 1987.",
        location=pick(rng, ("Rotterdam", "Leeds, UK", "Denver, CO", "Graz", "Nairobi", "Osaka")),
        link=f"https://www.{stem}.example",
        age_days=_age(rng, 8),
        followers=count(rng, 1_500, 1.4),
        following=count(rng, 500, 1.0),
        posts=posts,
        likes=count(rng, 900, 1.4),
        listed=count(rng, 20, 1.1),
        media=int(posts * rng.uniform(0.2, 0.6)),
        verified_type="business" if rng.random() < 0.1 else "none",
    )


def lurker(rng: Random, number: int) -> Sketch:
    """Makes somebody who is years old, with hardly a post and no bio."""
    _, name, stem = naming(rng)
    return Sketch(
        name=name,
        username=_username(rng, stem, number),
        age_days=_age(rng, 5),
        followers=count(rng, 9, 1.2),
        following=count(rng, 120, 1.1),
        posts=count(rng, 4, 1.6),
        likes=count(rng, 60, 2.0),
        picture=rng.random() < 0.55,
        protected=rng.random() < 0.2,
    )


def newcomer(rng: Random, number: int) -> Sketch:
    """Makes somebody who came to X this month and looks like nothing yet.

    The card must not be held back for lack of facts.
    """
    language, name, stem = naming(rng)
    posts = int(rng.expovariate(0.3))
    return Sketch(
        name=name,
        username=digits_username(stem.capitalize(), number) if rng.random() < 0.7 else _username(rng, stem, number),
        bio=bio(rng, language) if rng.random() < 0.2 else "",
        age_days=rng.uniform(0.01, 30.0),
        followers=int(rng.expovariate(0.4)),
        following=count(rng, 35, 0.7),
        posts=posts,
        likes=int(rng.expovariate(0.05)),
        media=int(posts * rng.random() * 0.5),
        picture=rng.random() < 0.5,
        protected=rng.random() < 0.05,
    )


def well_known(rng: Random, number: int) -> Sketch:
    """Makes somebody whom many follow."""
    sketch = professional(rng, number)
    sketch.age_days = _age(rng, 11)
    sketch.followers, sketch.listed = count(rng, 40_000, 1.2), count(rng, 300, 1.0)
    sketch.posts, sketch.verified_type = count(rng, 12_000, 0.9), pick(rng, ("blue", "blue", "none", "government"))
    return sketch
