"""Single cells as programs write them: read where one reading is possible, refused with the reason where two are."""

from datetime import UTC, datetime

import pytest

from followguard.domain.labels import Label
from followguard.files.profile_cells import STRICT, UNKNOWN_WORDS, BadCell, read_written_id
from followguard.files.profile_row import ProfileRow, RowError, reasons_in_words, row_from

NOW = datetime(2026, 2, 1, tzinfo=UTC)
THEN = datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
DAY = datetime(2018, 10, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        *[("Wed Oct 10 20:19:24 +0000 2018", THEN), ("Wed Oct 10 22:19:24 +0200 2018", THEN)],
        *[("2018-10-10T20:19:24Z", THEN), ("2018-10-10 20:19:24", THEN), ("2018-10-10 21:19:24 +01:00", THEN)],
        *[("2018-10-10 20:19:24 UTC", THEN), ("2018-10-10 20:19:24 +0000", THEN), ("2018/10/10 20:19:24", THEN)],
        *[("Wed, 10 Oct 2018 20:19:24 GMT", THEN), ("1539202764", THEN), ("1539202764000", THEN)],
        *[(1539202764, THEN), (1539202764.0, THEN), ("1539202764000L", THEN), ("1539202764000000", THEN)],
        *[("25/10/2018", DAY), ("10/25/2018", DAY), ("25.10.2018", DAY), ("2018-10-25", DAY), (DAY.date(), DAY)],
        *[("nan", None), ("-", None), ("NULL", None)],
    ],
)
def test_dates_with_one_reading_are_read(cell: object, moment: datetime | None) -> None:
    """X's old form, spaces before the offset, slashes and dots, seconds and milliseconds since 1970."""
    assert STRICT["created_at"]("created_at", cell) == moment


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        *[("5/10/2018", "day or the month first"), ("43383.84", "number of days"), ("43383", "number of days")],
        *[("20181010", "isn't a date"), ("10 o'clock", "isn't a date"), ("31/31/2018", "isn't a date")],
        *[("Wed Foo 10 20:19:24 +0000 2018", "isn't a date"), ("9234567890123456", "isn't a date"), ([], "isn't a")],
        *[("0000000001", "isn't a date"), ("99/99/9999", "isn't a date"), ("2018-10-10 20:19 +9999", "isn't a date")],
    ],
)
def test_dates_with_two_readings_or_none_are_refused(cell: object, says: str) -> None:
    """The refusal says what to do about it; a year has no slash to guess by."""
    with pytest.raises(BadCell, match=says):
        STRICT["created_at"]("created_at", cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *[("1,234", 1234), ("12,345,678", 12345678), ("1 234", 1234), ("1\u00a0234", 1234), ("1'234", 1234)],
        *[("1.234.567", 1234567), ("3.0", 3), ("3,0", 3), ("3.", 3), ("3.0000", 3), (3.0, 3), (" 7 ", 7)],
        *[("1,000", 1000), ("--", None), ("N/A", None), ("#N/A", None), ("None", None), ("", None)],
    ],
)
def test_counts_are_read_as_programs_write_them(cell: object, number: int | None) -> None:
    """Thousands set apart, floats without a fraction, every word for unknown."""
    assert STRICT["tweet_count"]("tweet_count", cell) == number


@pytest.mark.parametrize("cell", ["1.234", "1.000", "1.2K", "-5", "3.5", "12,34", "1e6", "many", True, [3], "²"])
def test_counts_with_two_readings_or_none_are_refused(cell: object) -> None:
    """`1.000` is a thousand to some and one to others."""
    with pytest.raises(BadCell, match="tweet_count isn't a whole number"):
        STRICT["tweet_count"]("tweet_count", cell)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        *[("1294030472427835393", "1294030472427835393"), (1294030472427835393, "1294030472427835393"), (" 12 ", "12")],
        *[("2244994945.0", "2244994945"), (123.0, "123"), ("9007199254740991.0", "9007199254740991")],
        *[("'77", "77"), ('="88"', "88"), ("9" * 20, "9" * 20)],
    ],
)
def test_ids_are_read_while_they_are_exact(cell: object, read: str) -> None:
    """Ids are read as floats up to 2**53, and as spreadsheets protect them."""
    assert read_written_id(cell) == read


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        *[
            ("1.29403E+18", "rounded"),
            ("1,29403E+18", "rounded"),
            ("1e18", "rounded"),
            (1.294030472427835e18, "rounded"),
        ],
        *[("1294030472427835393.0", "rounded"), ("9007199254740993.0", "rounded"), (float(2**53), "rounded")],
        *[("", "no id"), (None, "no id"), ("nan", "no id"), (float("nan"), "no id"), ("NULL", "no id"), ("-", "no id")],
        *[("abc", "digits"), ("0123", "digits"), ("-5", "digits"), (True, "digits"), ("9" * 21, "digits")],
        *[("\u0661\u0662", "digits"), ([], "digits"), ({}, "digits"), (float("inf"), "digits"), (12.5, "digits")],
    ],
)
def test_ids_that_lost_digits_are_refused(cell: object, says: str) -> None:
    """Another account would be scored, and by a wrong name."""
    with pytest.raises(BadCell, match=says):
        read_written_id(cell)


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        *[(word, Label.SPAM) for word in ("spam", "SPAM", " Bot ", "fake", "Spammer")],
        *[(word, Label.GENUINE) for word in ("genuine", "Human", "REAL", "legit", "ham", "not spam", "not_spam")],
        *[(word, None) for word in ("", " ", "-", "unknown", "NaN", "N/A")],
    ],
)
def test_labels_are_understood_in_other_words(cell: str, label: Label | None) -> None:
    """Labels are understood in any case; a word for unknown is no label."""
    assert STRICT["label"]("label", cell) == label


@pytest.mark.parametrize("cell", ["0", "1", "spam?", "maybe", "true"])
def test_labels_that_could_mean_either_are_refused(cell: str) -> None:
    """Nobody knows whether 1 is spam."""
    with pytest.raises(BadCell, match="neither spam nor genuine"):
        STRICT["label"]("label", cell)


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        *[(word, True) for word in ("TRUE", "True", "1", "yes", "Y", "1.0", "WAHR", True, 1)],
        *[(word, False) for word in ("FALSE", "0", "no", "n", "0.0", "Falsch", False, 0)],
        *[(word, None) for word in ("", "nan", "null", "-")],
    ],
)
def test_flags_are_understood_in_other_words(cell: object, flag: bool | None) -> None:
    """Flags are read as spreadsheets in other languages write them, too."""
    assert STRICT["verified"]("verified", cell) == flag


@pytest.mark.parametrize("column", ["created_at", "observed_at", "followers_count", "protected", "label"])
@pytest.mark.parametrize("word", sorted(UNKNOWN_WORDS))
def test_every_word_for_unknown_is_unknown_outside_texts(column: str, word: str) -> None:
    """Every word for unknown is understood in any case."""
    assert STRICT[column](column, word) is None
    assert STRICT[column](column, f" {word.upper()} ") is None


def test_a_row_error_has_a_reason_without_its_cell() -> None:
    """Reasons without cells let rows with the same fault be counted together."""
    row = row_from({"id": "5", "created_at": "never"}, 3, NOW)
    assert isinstance(row, RowError)
    assert row.reason == row.kind == "created_at isn't a date like 2026-01-31T08:00:00Z"
    assert row.error == f"line 3: {row.reason}: 'never'"
    assert row.id == "5"


def test_metrics_as_text_are_read() -> None:
    """Metrics are read as data frames and spreadsheets flatten X's objects."""
    for text in ('{"followers_count": 5, "post_count": 7}', "{'followers_count': 5, 'post_count': 7}"):
        row = row_from({"id": "1", "public_metrics": text}, 2, NOW)
        assert isinstance(row, ProfileRow)
        assert (row.profile.followers_count, row.profile.tweet_count) == (5, 7)
    for text in ("five", "[1]", "{'a': open('x')}", "{" * 300, '{"followers_count": 5' + " " * 3000 + "}"):
        assert isinstance(row_from({"id": "1", "public_metrics": text}, 2, NOW), RowError)


def test_reasons_in_words() -> None:
    """The commonest first, and never more than a line."""
    assert reasons_in_words({}) == "none left out"
    assert reasons_in_words({"no id": 1, "not CSV": 1_200}) == "1,200 not CSV, 1 no id"
    assert reasons_in_words({f"reason {number}": 1 for number in range(9)}).endswith("1 reason 5, 3 other")


@pytest.mark.parametrize(
    ("cell", "label"),
    [("Bot account", "spam"), ("spammers", "spam"), ("fake_users", "spam"), ("Humans", "genuine"),
     ("genuine account", "genuine"), ("real person", "genuine"), ("not bots", "genuine")],
)  # fmt: skip
def test_a_label_may_come_with_its_noun(cell: str, label: str) -> None:
    """Labels are read as data sets name their classes."""
    assert STRICT["label"]("label", cell) == label


@pytest.mark.parametrize("cell", ["s", "users", "account", "not real users", "bot or human"])
def test_a_noun_alone_is_no_label(cell: str) -> None:
    """Nor is a label with another meaning."""
    with pytest.raises(BadCell, match="neither spam nor genuine"):
        STRICT["label"]("label", cell)
