"""The page itself: safe, self-contained, honest, and always the same bytes for the same night."""

import re
import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from followguard.adapters.report import page as page_module
from followguard.adapters.report import words
from followguard.adapters.report.charts import score_chart
from followguard.adapters.report.page import html_of, render_report
from followguard.domain.agreement import Agreement
from followguard.domain.approval_speed import Approval, Hurry
from followguard.domain.audit_estimate import HeldBackShare
from followguard.domain.follower import Profile
from followguard.domain.holding_back import Earned
from followguard.domain.policy import AccountSettings, HoldingBack, Policy
from followguard.domain.report import AccountPage, Batch, CardList, DeskCounts, NightPage, OrderFigures, Standing, Stuck
from followguard.domain.report_figures import NightError, distribution, figures_of
from followguard.domain.review import Card, ItemState
from followguard.domain.run import Run
from followguard.domain.verdict import Band, Reason
from followguard.errors import UsageError
from followguard.testing import made_up_profile

NOW = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
HEAD = "ab" * 32
VOID = {"meta", "link", "br", "img", "input", "hr"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7*7 }} </style><style>*{display:none}</style>"
TRICKS = ("javascript:alert(1)", "data:text/html,<b>x</b>", "//evil.example/x", "https://evil.example/")


class Seen(HTMLParser):
    """Elements, attributes and text of a page; notices what isn't closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Every one."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """As in SVG."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Must close the innermost."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """What people read."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All of it, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def attributes(self, name: str) -> Iterator[str]:
        """Every value of an attribute."""
        return (attrs[name] or "" for _, attrs in self.tags if name in attrs)


def card(number: int, profile: Profile | None = None, **changes: object) -> Card:
    """A card of a believable follower."""
    made = Card(
        item=number,
        account="acme",
        account_id=1,
        profile=profile or made_up_profile(str(number)),
        appearance_hash="",
        state=ItemState.WAITING,
        held_back=False,
        audit=False,
        first_seen_at=NOW,
        p_spam=0.2,
        band=Band.UNSURE,
        reasons=(
            Reason("likes", "likes nothing", 1.0),
            Reason("age", "is 7 years old", -0.6),
            Reason("other", "rest", 0),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def account_page(*cards: Card, handle: str = "acme", **changes: object) -> AccountPage:
    """One account's part, after a night that went well."""
    policy = Policy()
    receipt = {"new": 3, "cost_usd": 0.03, "model": "base-1", "policy_hash": "0123456789ab", "log_head": HEAD}
    run = Run(id=1, account_id=1, kind="nightly", day="2026-01-05", started_at=NOW, finished_at=NOW, status="done",
              receipt=receipt)  # fmt: skip
    made = AccountPage(
        settings=AccountSettings(handle=handle, training_basis="none", policy=policy),
        figures=figures_of([run], ever=True),
        desk=DeskCounts(today=len(cards)),
        list=CardList(cards=cards, total=len(cards)),
        scores=distribution([0.01, 0.2, 0.99], policy.cutoffs),
        standing=Standing(HoldingBack.EARNED, Earned(12, 1, 0.3387), 0.05),
        orders=OrderFigures(),
        model="base-1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def night(*accounts: AccountPage, **changes: object) -> NightPage:
    """The page of a night."""
    made = NightPage(
        day="2026-01-05",
        newest="2026-01-05",
        made_at=NOW,
        accounts=accounts,
        month_spent_usd=1.5,
        month_limit_usd=50.0,
        log_head=HEAD,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


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
    """Its hash is of exactly what stands between the style tags."""
    text = html_of(night())
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    assert page_module.content_policy(style).replace("'", "&#39;") in text


def test_reasons_are_told_in_both_directions() -> None:
    """What speaks for spam, and what against, each with its weight; nothing that weighs nothing."""
    text = Seen(html_of(night(account_page(card(1))))).text
    assert "Looks like spam: likes nothing +1.0" in text
    assert "Looks genuine: is 7 years old −0.6" in text
    assert "rest" not in text.split("Looks genuine", 1)[1].split("item:", 1)[0]


def test_the_chart_can_be_read_without_seeing_it() -> None:
    """Its label tells the sums, and a table the bars."""
    seen = Seen(html_of(night(account_page())))
    (label,) = (attrs["aria-label"] for _, attrs in seen.tags if attrs.get("role") == "img")
    assert label is not None
    assert "3 new followers: 1 genuine, 1 unsure, 1 likely spam" in label
    assert "0.95 to 1.00 0 0 1" in seen.text


def test_the_chart_marks_the_cutoffs_of_the_policy() -> None:
    """Other cutoffs, other marks; both stand on it."""
    chart = score_chart(distribution([0.5], Policy(unsure_above=0.3, max_wrong_hold=0.1).cutoffs), "c")
    assert "unsure from 0.3" in chart
    assert "likely spam from 0.9" in chart
    assert chart.count("stroke-dasharray") >= 2


def test_the_same_night_gives_the_same_bytes() -> None:
    """No date, no chance, nothing of the machine in it."""
    made = night(account_page(card(1)), account_page(card(2), handle="acme_tools"))
    assert html_of(made) == html_of(made)
    assert "matplotlib" not in html_of(made).lower()


@pytest.mark.parametrize(
    ("status", "told"), [("never", "No night has run for this account yet"), ("not tonight", "No night ran for this")]
)
def test_an_account_without_a_night_is_said_to_have_none(status: str, told: str) -> None:
    """Zeros aren't passed off as a quiet night."""
    made = account_page(figures=figures_of((), ever=status != "never"), scores=distribution((), Policy().cutoffs))
    text = Seen(html_of(night(made))).text
    assert told in text
    assert "quiet night" not in text


def test_a_quiet_night_is_said_to_be_one() -> None:
    """Nobody new, nothing to do, nothing wrong."""
    made = account_page(scores=distribution((), Policy().cutoffs))
    figures = replace(made.figures, told={**made.figures.told, "new": 0})
    text = Seen(html_of(night(replace(made, figures=figures)))).text
    assert "A quiet night" in text
    assert "Nothing. No card waits for today" in text


def test_no_accounts_are_said_to_be_missing() -> None:
    """With what to add."""
    assert "No account is configured" in Seen(html_of(night(newest=None))).text


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (
            Standing(HoldingBack.EARNED, Earned(0, 0, 1.0), 0.05),
            "At least 60 more decisions about such cards are needed",
        ),
        (Standing(HoldingBack.EARNED, Earned(80, 0, 0.0368), 0.05), "Holding back is earned"),
        (Standing(HoldingBack.EARNED, Earned(80, 9, 0.19), 0.05), "too many of those it would hold back"),
        (Standing(HoldingBack.ON, Earned(0, 0, 1.0), 0.05), "switched on by the configuration"),
        (Standing(HoldingBack.OFF, Earned(0, 0, 1.0), 0.05), "switched off"),
    ],
)
def test_how_holding_back_stands_is_told(standing: Standing, told: str) -> None:
    """Each of the five ways that it can stand."""
    assert told in Seen(html_of(night(account_page(standing=standing)))).text


def test_real_people_held_back_are_told_with_their_bound() -> None:
    """Once the audit has drawn somebody: the estimate, and what it surely doesn't exceed; before that nothing."""
    share = HeldBackShare(drawn=80, real=2, share=0.0211, low=0.002, high=0.09, bound=0.0777)
    text = Seen(html_of(night(account_page(held_share=share)))).text
    assert "about 2.2 % , with 95 % confidence at most 7.8 % (2 of 80 audited cards" in text
    assert "by the audit" not in Seen(html_of(night(account_page()))).text


@pytest.mark.parametrize(
    ("agreement", "told"),
    [
        (Agreement(pairs=0, same=0), "Too few pairs to tell: 0 followers were judged by two people. It takes 20."),
        (Agreement(pairs=3, same=2), "3 followers were judged by two people, who agreed about 2. It takes 20."),
        (Agreement(pairs=30, same=30), "there is no kappa to tell"),
        (Agreement(pairs=40, same=36, kappa=0.78, low=0.55, high=0.9), "kappa 0.78 (95 %: 0.55 to 0.90;"),
    ],
)
def test_how_far_people_agree_is_told(agreement: Agreement, told: str) -> None:
    """Too few pairs, one answer only, or kappa with its interval."""
    assert told in Seen(html_of(night(account_page(agreement=agreement)))).text


def test_who_approved_faster_than_anybody_looks_is_named() -> None:
    """Whose approvals, how many, how fast, and the command that takes the session back, safe to copy."""
    made = [
        Approval(decision_id=n, person='Ann "<b>"', account="acme", item=n, follower_id=str(n), at=NOW, stands=True)
        for n in range(10)
    ]
    page = html_of(night(account_page(hurried=(Hurry(tuple(made)),))))
    text = Seen(page).text
    assert """10 approvals by Ann "<b>" within 0 seconds""" in text
    assert """followguard review undo --session --by 'Ann "<b>"'""" in text
    assert "<b>" not in page
    assert "faster than anybody looks" not in Seen(html_of(night(account_page()))).text


def test_what_identifies_the_night_is_on_the_page() -> None:
    """Model, policy hash, head of the log, times, costs."""
    text = Seen(html_of(night(account_page()))).text
    for told in ("base-1", "0123456789ab", HEAD, "2026-01-05 00:30 UTC", "$0.03", "$1.50 of $50.00"):
        assert told in text


def test_cards_that_are_left_out_are_counted() -> None:
    """With the command that lists them all."""
    made = account_page(card(1))
    text = Seen(html_of(night(replace(made, list=replace(made.list, total=31))))).text
    assert "30 more cards aren't shown here: followguard review list --account acme --limit 0" in text


def test_a_score_is_never_shown_as_certain() -> None:
    """Not 0, not 1."""
    shown = [words.probability(p) for p in (0.0, 1e-6, 0.0005, 0.1234, 0.9994, 0.9996, 1.0, None)]
    assert shown == [
        "below 0.001", "below 0.001", "0.001", "0.123", "0.999", "above 0.999", "above 0.999", "no score",
    ]  # fmt: skip


def test_a_bound_is_never_rounded_down() -> None:
    """4.91 % isn't 4.9 %."""
    assert [words.share(part) for part in (0.0487, 0.0491, 0.05)] == ["4.9 %", "5 %", "5 %"]


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
    """They are loaded from beside the module, and nothing in them isn't escaped but our styles and our chart."""
    texts = [path.read_text(encoding="utf-8") for path in page_module.HERE.glob("*.j2")]
    assert len(texts) == 3
    assert sorted(re.findall(r"\{\{ ([^{}]*\| safe) \}\}", "".join(texts))) == [
        "account | chart | safe",
        "style | safe",
        "style | safe",
    ]
    assert "".join(texts).count("safe }}") == 3
    assert "autoescape false" not in "".join(texts)
