"""Answers that come so slowly, or so much for nothing, that no timeout between two bytes ever ends them."""

from collections.abc import Iterator
from itertools import chain, repeat

from followguard.sandbox.stand_in import Delivery, Manner

PAUSE = 0.05
"""Seconds between two drops."""
_STATUS = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = b"content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"


def drips(delivery: Delivery, payload: bytes) -> tuple[bytes, Iterator[bytes]]:
    """Gives what is sent at once, and then drop by drop. Nothing of it is a whole answer."""
    length = b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % (len(payload) + 1)
    chunk = b"%x\r\n%b\r\n0\r\n" % (len(payload), payload)
    manners: dict[Manner, tuple[bytes, Iterator[bytes]]] = {
        Manner.HEADERS: (_STATUS + b"x-drip: ", repeat(b"a")),
        Manner.CHUNKS: (_STATUS + _CHUNKED, repeat(b"0")),
        Manner.TRAILERS: (_STATUS + _CHUNKED + chunk, repeat(b"x-drip: a\r\n")),
        Manner.BODY: (_STATUS + length, chain((bytes([one]) for one in payload), repeat(b""))),
        Manner.CONTINUE: (b"", repeat(b"HTTP/1.1 100 Continue\r\n\r\n")),
        Manner.SILENCE: (b"", repeat(b"")),
    }
    return manners[delivery.manner]
