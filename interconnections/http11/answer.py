"""What is read of an answer: the parser calls, and it is kept until somebody takes it.  No I/O.

Where its body ends without a length is for the connection to say, which sees the end.
"""

import zlib
from collections.abc import Iterator, Mapping

from interconnections import wire
from interconnections.wire import Unreachable

LARGEST_HEAD = 1024 * 1024  # bytes, of all its lines
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

    __slots__ = (
        "_bodyless",
        "_interim",
        "_lines",
        "_size",
        "_unpacking",
        "bounded",
        "ended",
        "headed",
        "headers",
        "keep_alive",
        "lasting",
        "pieces",
        "retry_after",
        "status",
        "stray",
        "until_close",
        "waiting",
        "wrong",
    )

    def __init__(self, *, bounded: bool, bodyless: bool = False) -> None:
        """`bounded`: held whole, so it must not be too large; `bodyless`: a head alone, whatever that says."""
        self.bounded, self._bodyless = bounded, bodyless
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.waiting = 0  # bytes in the pieces
        self.headed = self.ended = self.lasting = self.until_close = self.stray = self._interim = False
        self.retry_after: float | None = None
        self.keep_alive: float | None = None  # seconds for which the other side keeps an idle connection, as it says
        self.wrong: Unreachable | None = None
        self._size = self._lines = 0
        self._unpacking: _Unpacking | None = None

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))
        if len(name) + len(value) > wire.MOST_IN_A_LINE or len(self.headers) > wire.MOST_LINES:
            self.wrong = Unreachable("the answer's head is too large")
        elif b"\0" in value or b"\0" in name:
            self.wrong = Unreachable("the answer is no HTTP")

    def on_head(self, status: int) -> None:
        if 100 <= status < 200 and status != 101:
            self._interim, self.headers = True, []
            return
        self.status, self.headed = status, True
        length = chunked = coded = paused = False
        for name, value in self.headers:
            match name.lower():
                case b"content-length":
                    length = True
                case b"transfer-encoding":
                    coded, chunked = True, value.lower().rpartition(b",")[2].strip() == b"chunked"
                case b"retry-after" if not paused:
                    paused, self.retry_after = True, wire.retry_after(value.decode("latin-1"))
                case b"content-encoding":
                    self._packed(value.strip().lower())
                case b"keep-alive":
                    self.keep_alive = _kept_for(value)
        self.until_close = not chunked and (coded or not length)
        if self._bodyless:
            self.ended = self.stray = True

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
