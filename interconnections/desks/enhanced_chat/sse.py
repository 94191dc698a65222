"""Server-sent events as they come in: bytes in, frames out (WHATWG HTML, section 9.2).  Pure.

Whoever reads a stream keeps one Parser for it and throws both away together.
"""

import re
from dataclasses import dataclass

LARGEST_FRAME = 1024 * 1024  # bytes of one event; more is garbage, and is passed over
ENDS = re.compile(rb"\r\n|\r|\n")
BOM = b"\xef\xbb\xbf"
EXPIRED = re.compile(rb"jwt is expired", re.IGNORECASE)  # raw, in the middle of a stream (section 5)
A_NOTE = 200  # bytes within which such a text stands
ID = re.compile(rb"[!-~]{1,100}")  # what can be asked for again in a header


@dataclass(frozen=True, slots=True)
class Frame:
    """One event.  `id`: "" where the frame had none, so that the one before it still holds."""

    event: str
    data: str
    id: str = ""


class Parser:
    """`skipped`: frames that were too large, each an event that has to be had in another way; `expired`: the stream
    says that its token is no longer taken, whatever else may follow.
    """

    __slots__ = ("_after_cr", "_cut", "_data", "_event", "_id", "_line", "_size", "_started", "expired", "skipped")

    def __init__(self) -> None:
        self.skipped, self.expired = 0, False
        self._data: list[bytes] | None  # None: the frame is too large
        self._line = bytearray()  # begun, not ended
        self._cut = False  # the line is too long to be held
        self._after_cr = self._started = False
        self._begin()

    def feed(self, piece: bytes) -> list[Frame]:
        """The frames that end in this piece, in order."""
        if not piece:
            return []
        *ended, rest = ENDS.split(piece.removeprefix(b"\n") if self._after_cr else piece)
        self._after_cr = piece.endswith(b"\r")
        frames = []
        for part in ended:
            self._hold(part)
            if frame := self._end_line():
                frames.append(frame)
        self._hold(rest)
        if len(self._line) <= A_NOTE and EXPIRED.match(self._line):
            self.expired = True  # a raw text need not end its line
        return frames

    def _hold(self, part: bytes) -> None:
        if part and len(self._line) + len(part) + self._size > LARGEST_FRAME:
            self._cut = True
            self._line.clear()
        elif not self._cut:
            self._line += part

    def _end_line(self) -> Frame | None:
        line, cut = bytes(self._line), self._cut
        self._line.clear()
        self._cut = False
        if not self._started:
            self._started, line = True, line.removeprefix(BOM)
        if cut:
            self._data, self._size = None, 0  # nothing of this frame is held any more
        elif line:
            self._field(line)
        else:
            return self._end_frame()
        return None

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"data" if self._data is not None:
                self._data.append(value)
                self._size += len(value) + 1
            case b"event":
                self._event = value
            case b"id" if ID.fullmatch(value):
                self._id = value
            case _ if EXPIRED.match(line):
                self.expired = True

    def _end_frame(self) -> Frame | None:
        data, event, id = self._data, self._event, self._id
        self._begin()
        if data is None:
            self.skipped += 1
        elif data:
            whole = b"\n".join(data)
            if EXPIRED.match(whole):
                self.expired = True
            else:
                return Frame(*(each.decode("utf-8", "replace") for each in (event or b"message", whole, id)))
        return None

    def _begin(self) -> None:
        self._data = []
        self._size = 0
        self._event = self._id = b""
