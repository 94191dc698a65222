"""Documents of office programs: zips and OLE files, of which only these are passed on.  Pure.

Inside a zip the names of its first entries tell the family.  Entries of none may come first (a label, a recycle bin):
where the head names no family, what was declared decides.
"""

import re
from collections.abc import Iterator

from interconnections.files.file_type import FileType

OPEN_XML, OPEN_DOCUMENT = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
MS = "application/vnd.ms-"
# The first of each family is what a file of it is when nobody says more.
WORD = (
    FileType(f"{OPEN_XML}wordprocessingml.document", "docx"),
    FileType(f"{OPEN_XML}wordprocessingml.template", "dotx"),
    FileType(f"{MS}word.document.macroenabled.12", "docm"),
    FileType(f"{MS}word.template.macroenabled.12", "dotm"),
)
EXCEL = (
    FileType(f"{OPEN_XML}spreadsheetml.sheet", "xlsx"),
    FileType(f"{OPEN_XML}spreadsheetml.template", "xltx"),
    FileType(f"{MS}excel.sheet.macroenabled.12", "xlsm"),
    FileType(f"{MS}excel.template.macroenabled.12", "xltm"),
    FileType(f"{MS}excel.sheet.binary.macroenabled.12", "xlsb"),
)
POWERPOINT = (
    FileType(f"{OPEN_XML}presentationml.presentation", "pptx"),
    FileType(f"{OPEN_XML}presentationml.template", "potx"),
    FileType(f"{OPEN_XML}presentationml.slideshow", "ppsx"),
    FileType(f"{MS}powerpoint.presentation.macroenabled.12", "pptm"),
    FileType(f"{MS}powerpoint.slideshow.macroenabled.12", "ppsm"),
)
IN_OPEN_DOCUMENT = (
    FileType(f"{OPEN_DOCUMENT}text", "odt"),
    FileType(f"{OPEN_DOCUMENT}text-template", "ott"),
    FileType(f"{OPEN_DOCUMENT}spreadsheet", "ods"),
    FileType(f"{OPEN_DOCUMENT}spreadsheet-template", "ots"),
    FileType(f"{OPEN_DOCUMENT}presentation", "odp"),
    FileType(f"{OPEN_DOCUMENT}presentation-template", "otp"),
    FileType(f"{OPEN_DOCUMENT}graphics", "odg"),
)
IN_ZIP = (*WORD, *EXCEL, *POWERPOINT, *IN_OPEN_DOCUMENT)
FOLDERS = ((b"word/", WORD), (b"xl/", EXCEL), (b"ppt/", POWERPOINT))
OLD = {
    WORD: FileType("application/msword", "doc"),
    EXCEL: FileType(f"{MS}excel", "xls"),
    POWERPOINT: FileType(f"{MS}powerpoint", "ppt"),
}
# The families' MIME types have more spellings than anybody lists: x-msexcel, x-ms-excel, excel, xls, …
DECLARED = (
    (re.compile(r"application/.*(\b(ms|win)?word(?!perfect)|wordprocessingml|\bdoc\b).*"), WORD),
    (re.compile(r"application/.*(excel|spreadsheetml|\bxls\b).*"), EXCEL),
    (re.compile(r"application/.*(powerpoint|presentationml|\bppt\b).*"), POWERPOINT),
)
BY_MIME = {kind.mime: kind for kind in (*IN_ZIP, *OLD.values())}
BY_ENDING = {kind.extension: kind for kind in (*IN_ZIP, *OLD.values())}

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# How office programs begin their zips; only behind these does a folder's name say what the whole is.
BEGINNINGS = (
    b"[content_types].xml", b"[trash]/", b"_rels/", b"_xmlsignatures/", b"docprops/", b"docmetadata/", b"customxml/",
    b"customui/", b"word/", b"xl/", b"ppt/", b"mimetype",
)  # fmt: skip
PROGRAM = re.compile(
    rb"(^|/)(androidmanifest\.xml|manifest\.mf)$|\.(exe|dll|so|dex|class|jar|msi|bat|cmd|js|vbs|ps1)$"
)


def in_zip(head: bytes, declared: str, ending: str) -> FileType | None:
    said = _said(declared, ending)
    names = list(_entries(head))
    if names and names[0].startswith(BEGINNINGS):
        if found := re.search(rb"application/vnd\.oasis\.opendocument\.[a-z-]+", head):
            return BY_MIME.get(found[0].decode())
        for name in names:
            for folder, family in FOLDERS:
                if name.startswith(folder):
                    return said if said in family else family[0]
    if any(PROGRAM.search(name) for name in names):
        return None
    return said if said in IN_ZIP else None


def in_ole(declared: str, ending: str) -> FileType | None:
    """Installers and mails are OLE too, so somebody must have said that it is a document.

    A document with a password is an OLE file, whatever it is inside.
    """
    family = family_of(declared)
    return BY_MIME.get(declared) or (OLD[family] if family else BY_ENDING.get(ending))


def family_of(declared: str) -> tuple[FileType, ...]:
    return next((family for words, family in DECLARED if words.fullmatch(declared)), ())


def _said(declared: str, ending: str) -> FileType | None:
    """What it is said to be, as a kind that may be in a zip: `vnd.ms-excel` is said of new sheets as well."""
    exact, named, family = BY_MIME.get(declared), BY_ENDING.get(ending), family_of(declared)
    if exact in IN_ZIP:
        return exact
    if named in IN_ZIP and (not family or named in family):
        return named
    return family[0] if family else None


def _entries(head: bytes) -> Iterator[bytes]:
    """Names in small letters, as far as the head shows them."""
    at = head.find(ZIP)
    while at >= 0:
        start = at + 30
        end = start + int.from_bytes(head[at + 26 : at + 28], "little")
        if len(head) < end or end == start:
            return
        yield head[start:end].lower().replace(b"\\", b"/")
        at = head.find(ZIP, end)
