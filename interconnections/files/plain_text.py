"""Files of words: lists, cards, notes, in whatever alphabet and encoding; never a page or a drawing.  Pure.

Words have no first bytes to be known by, so somebody must have said that words come: a MIME type, or a storage that
says nothing of any file (octet-stream).
"""

import codecs
import re

from interconnections.files.file_type import FileType
from interconnections.files.office import family_of

TXT, CSV = FileType("text/plain", "txt"), FileType("text/csv", "csv")
TSV = FileType("text/tab-separated-values", "tsv")
VCF, ICS = FileType("text/vcard", "vcf"), FileType("text/calendar", "ics")
TYPES = (TXT, CSV, TSV, VCF, ICS)
# MIME types of lists and cards have more spellings than anybody lists: x-csv, comma-separated-values, …
DECLARED = (
    (re.compile(r"(text|application)/.*(csv|comma-separated).*"), CSV),
    (re.compile(r"(text|application)/.*(tsv|tab-separated).*"), TSV),
    (re.compile(r"(text|application)/(.*vcard|directory)"), VCF),
    (re.compile(r"(text|application)/(.*calendar|x?-?ics)"), ICS),
    (re.compile(r"text/.*|application/(x-)?(te?xt|plain)"), TXT),
)
BY_ENDING = {kind.extension: kind for kind in TYPES} | {"text": TXT, "log": TXT, "md": TXT}
BEGINNINGS = (("BEGIN:VCARD", VCF), ("BEGIN:VCALENDAR", ICS))
MARKS = (  # the longer ones first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "latin-1"),
)
NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def in_text(head: bytes, declared: str, ending: str, *, expected: bool) -> FileType | None:
    """`declared`: "" where nothing is said by it; `expected`: words may come all the same, under any ending."""
    said = _said(declared, ending) or (TXT if expected and not declared else None)
    if said is None or not head:
        return None
    words = _decoded(head)
    if NOT_IN_TEXT.search(words) or words.lstrip("\ufeff\u200b \t\r\n\x0b\x0c\x85\xa0").startswith("<"):
        return None
    return next((kind for beginning, kind in BEGINNINGS if words.startswith(beginning)), said)


def _said(declared: str, ending: str) -> FileType | None:
    if not declared:
        return BY_ENDING.get(ending)
    if family := family_of(declared):  # how Windows declares a list, where a spreadsheet opens lists
        return BY_ENDING.get(ending, CSV if family[0].extension == "xlsx" else TXT)
    said = next((kind for words, kind in DECLARED if words.fullmatch(declared)), None)
    return BY_ENDING.get(ending, TXT) if said is TXT else said


def _decoded(head: bytes) -> str:
    """Each character of a page's beginning shows, whatever the encoding; others need not be right.

    What the mark says is what a browser would read it as.
    """
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.decode("latin-1")
