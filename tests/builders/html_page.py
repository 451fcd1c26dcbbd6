"""HTML taken apart as a browser would."""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Seen(HTMLParser):
    """Elements, attributes and text of a page; notices what isn't closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes every element."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element that is closed at once, as in SVG."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Takes the innermost element as closed, and no other."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collects the text that people read."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """Text of the whole page, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def many(self, tag: str) -> int:
        """Counts the elements of a name."""
        return sum(name == tag for name, _ in self.tags)

    def attributes(self, name: str) -> Iterator[str]:
        """Gives every value of an attribute."""
        return (attrs[name] or "" for _, attrs in self.tags if name in attrs)
