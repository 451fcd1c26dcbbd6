"""CSV files as spreadsheet programs save them: how their letters are written, and what stands between the cells."""

import codecs

DELIMITERS = ",;\t"
_BY_MARK = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def encoding_of(beginning: bytes) -> str:
    """UTF-16 where the file begins with its mark; else UTF-8, whose own mark isn't part of the text."""
    return next((name for mark, name in _BY_MARK if beginning.startswith(mark)), "utf-8-sig")


def delimiter_of(first_line: str) -> str:
    """Comma, semicolon or tab: whichever the heading has most of."""
    return max(DELIMITERS, key=first_line.count)
