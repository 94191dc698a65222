"""What is read of an answer: the parser calls, and it is kept until somebody takes it.  No I/O.

Where its body ends without a length is for the connection to say, which sees the end.
"""

import zlib
from collections.abc import Iterator, Mapping

from interconnections import wire
from interconnections.wire import Unreachable

LARGEST_HEAD = 1024 * 1024  # bytes, of all its lines
TELLING = frozenset({b"content-length", b"transfer-encoding", b"retry-after", b"content-encoding", b"keep-alive"})
WITHOUT_BODY = frozenset({204, 304})
UNREADABLE = frozenset({b"br", b"zstd", b"compress"})  # packings that nobody asked for


class Headers(Mapping[str, str]):
    """Found whatever their case; of several of one name the first."""

    __slots__ = ("_found", "_pairs")

    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._pairs = pairs
        self._found: dict[str, str] | None = None

    def _table(self) -> dict[str, str]:
        if self._found is None:
            self._found = {}
            for name, value in self._pairs:
                self._found.setdefault(name.decode("latin-1").lower(), value.decode("utf-8", "surrogateescape"))
        return self._found

    def __getitem__(self, name: str) -> str:
        return self._table()[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table())

    def __len__(self) -> int:
        return len(self._table())


class Answer:
    """One answer, as far as it has come.  Its methods `on_…` are the parser's."""

    # Without slots: few of these ever change.
    status = 0
    waiting = 0  # bytes in the pieces
    headed = False  # the head is there
    ended = False
    until_close = False
    lasting = False  # the connection may serve again
    stray = False  # something came that is not of this answer, or is to be read no further
    retry_after: float | None = None
    keep_alive: float | None = None  # seconds for which the other side keeps an idle connection, as it says
    wrong: Unreachable | None = None
    _interim = False
    _size = 0
    _unpacking: "_Unpacking | None" = None

    def __init__(self, *, bounded: bool, bodyless: bool = False) -> None:
        """`bounded`: held whole, so it must not be too large; `bodyless`: a head alone, whatever that says."""
        self.bounded, self._bodyless = bounded, bodyless
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []

    def on_head(self, status: int) -> None:
        if 100 <= status < 200 and status != 101:
            self._interim = True
            self.headers.clear()
            return
        self.status, self.headed = status, True
        found: dict[bytes, bytes] = {}
        for name, value in self.headers:
            if b"\0" in value or b"\0" in name:
                self.wrong = Unreachable("the answer is no HTTP")
            elif len(name) + len(value) > wire.MOST_IN_A_LINE:
                self.wrong = Unreachable("the answer's head is too large")
            elif (name := name.lower()) in TELLING:
                if name == b"transfer-encoding":
                    found[name] = value  # the last of them says how it ends
                else:
                    found.setdefault(name, value)
        if len(self.headers) > wire.MOST_LINES:
            self.wrong = Unreachable("the answer's head is too large")
        has_body = b"transfer-encoding" in found or found.get(b"content-length", b"0") != b"0"
        self._learn(found)
        if status in WITHOUT_BODY:
            self.until_close = False  # they say no length, as there is nothing to measure
            self.stray = status == 204 and has_body  # as some frameworks send one; of 304 it is the page's length
        if self._bodyless:
            self.ended = self.stray = True

    def _learn(self, found: dict[bytes, bytes]) -> None:
        coded = found.pop(b"transfer-encoding", None)
        if coded is not None:
            self.until_close = coded.lower().rpartition(b",")[2].strip() != b"chunked"
        else:
            self.until_close = found.pop(b"content-length", None) is None
        if not found:
            return
        if (pause := found.get(b"retry-after")) is not None:
            self.retry_after = wire.retry_after(pause.decode("latin-1"))
        if packed := found.get(b"content-encoding"):
            self._packed(packed.strip().lower())
        if kept := found.get(b"keep-alive"):
            self.keep_alive = _kept_for(kept)

    def _packed(self, how: bytes) -> None:
        if how in (b"gzip", b"x-gzip", b"deflate"):
            self._unpacking = _Unpacking(how)
        elif how in UNREADABLE:
            self.wrong = Unreachable("the answer is packed in a way that nobody asked for")

    def on_body(self, piece: bytes) -> None:
        if self._unpacking:
            try:
                piece = self._unpacking.more(piece, wire.LARGEST_ANSWER + 1)
            except zlib.error:
                self.wrong = Unreachable("the answer cannot be unpacked")
                return
        self._size += len(piece)
        if self._size > wire.LARGEST_ANSWER and (self.bounded or self._unpacking):
            self.wrong = Unreachable("the answer is too large")
        elif piece:
            self.pieces.append(piece)
            self.waiting += len(piece)

    def on_end(self) -> None:
        if self._interim:
            self._interim = False
        elif self._unpacking and self._size and not self._unpacking.whole:
            self.wrong = Unreachable("the answer was packed and is cut")
        else:
            self.ended = True

    @property
    def over(self) -> bool:
        return self.ended or self.wrong is not None

    def take(self) -> bytes:
        """What has come since it was taken last."""
        pieces, self.pieces, self.waiting = self.pieces, [], 0
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class _Unpacking:
    """gzip, or deflate with its frame or, as some servers understand it, without."""

    def __init__(self, how: bytes) -> None:
        self._deflate = how == b"deflate"
        self._object = None if self._deflate else zlib.decompressobj(wbits=31)

    def more(self, piece: bytes, most: int) -> bytes:
        if self._object is None:
            self._object = zlib.decompressobj(wbits=15 if piece[0] & 0xF == 8 else -15)
        return self._object.decompress(piece, most)

    @property
    def whole(self) -> bool:
        return self._object is None or (self._object.eof and not (self._deflate and self._object.unused_data))


def _kept_for(value: bytes) -> float | None:
    for part in value.split(b","):
        name, _, seconds = part.partition(b"=")
        if name.strip().lower() == b"timeout" and seconds.strip().isdigit():
            return float(seconds)
    return None
