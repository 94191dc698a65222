"""What a file is called on the case: words as they were written, one extension, nothing that leads elsewhere.  Pure.

Where a name comes from: yalo-integrations.md section 4.7; what went wrong there: W25.
"""

import mimetypes
import re
import unicodedata
from urllib.parse import unquote, urlsplit

from interconnections.files.sniff import EXTENSIONS
from interconnections.lengths import GRAPHEME

LONGEST = 150  # bytes, the extension included; a title may have 255 characters, a file system 255 bytes
JOINERS = "\u200c\u200d"  # inside emoji and Persian words: the only invisible ones that stay
EDGES = ". " + JOINERS
DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, direction, halves of emoji, nobody's
FORBIDDEN = re.compile(r'[/\\:*?"<>|]')  # somewhere: they lead to another folder, or are refused by Windows
KNOWN = EXTENSIONS | {ending.removeprefix(".") for ending in mimetypes.MimeTypes().types_map[True]}
KNOWN |= {"jpeg", "opus", "oga", "tiff", "heif"}


def title_for(*, filename: str = "", caption: str = "", url: str = "", fallback: str = "file") -> str:
    """The first of these that says something, without its extension.

    `filename` and the address are paths, of which the last part counts; a caption is words.
    """
    stems = (_stem(_last(filename)), _stem(caption), _stem(_last(_path(url))), _stem(fallback))
    return next((stem for stem in stems if stem), "file")


def name_for(title: str, extension: str) -> str:
    """`extension`: what the file is (sniff.py), whatever it was called."""
    return f"{title}.{extension}"


def _path(url: str) -> str:
    """Without the query, which may hold a signature."""
    try:
        return unquote(urlsplit(url).path)
    except ValueError:
        return ""


def _last(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]


def _stem(words: str) -> str:
    seen = unicodedata.normalize("NFC", "".join(_plain(letter) for letter in words[:2000]))
    stem = _cut(" ".join(FORBIDDEN.sub(" ", seen).split()).strip(EDGES), LONGEST - 10)
    while (shorter := _without_extension(stem)) != stem:
        stem = shorter
    return stem


def _plain(letter: str) -> str:
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in DROPPED and letter not in JOINERS else letter


def _without_extension(stem: str) -> str:
    before, dot, ending = stem.rpartition(".")
    return before.strip(EDGES) if dot and ending.lower() in KNOWN else stem


def _cut(stem: str, limit: int) -> str:
    """At most so many bytes, between graphemes."""
    size, end = 0, 0
    for match in GRAPHEME.finditer(stem):
        size += len(match.group().encode())
        if size > limit:
            return stem[:end].strip(EDGES)
        end = match.end()
    return stem
