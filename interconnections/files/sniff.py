"""What a file is, by its first bytes; the type that was declared only chooses between what these allow.  Pure.

A list of what we pass on: what is not on it (programs, pages, archives) never reaches a case.  It has what WhatsApp
takes (whatsapp-cloud-api.md section 6) and what phones make besides.
"""

import re
from dataclasses import dataclass

HEAD = 4096  # bytes that are looked at


@dataclass(frozen=True, slots=True)
class FileType:
    mime: str
    extension: str  # without the dot


def _type(mime: str, extension: str) -> FileType:
    return FileType(mime, extension)


M4A = _type("audio/mp4", "m4a")
MP4 = _type("video/mp4", "mp4")

MAGIC: tuple[tuple[bytes, FileType], ...] = (
    (rb"\xff\xd8\xff", _type("image/jpeg", "jpg")),
    (rb"\x89PNG\r\n\x1a\n", _type("image/png", "png")),
    (rb"GIF8[79]a", _type("image/gif", "gif")),
    (rb"RIFF....WEBP", _type("image/webp", "webp")),
    (rb"....ftyp(hei[cxms]|mif1|msf1)", _type("image/heic", "heic")),
    (rb"....ftypavif", _type("image/avif", "avif")),
    (rb"II\*\0|MM\0\*", _type("image/tiff", "tif")),
    (rb"BM....\0\0\0\0", _type("image/bmp", "bmp")),
    (rb"OggS", _type("audio/ogg", "ogg")),
    (rb"ID3|\xff[\xfa\xfb\xf2\xf3]", _type("audio/mpeg", "mp3")),
    (rb"\xff[\xf0\xf1\xf8\xf9]", _type("audio/aac", "aac")),
    (rb"#!AMR", _type("audio/amr", "amr")),
    (rb"RIFF....WAVE", _type("audio/wav", "wav")),
    (rb"....ftypM4[AB] ", M4A),
    (rb"....ftyp3g", _type("video/3gpp", "3gp")),
    (rb"....ftypqt  ", _type("video/quicktime", "mov")),
    (rb"....ftyp", MP4),
    (rb"\x1aE\xdf\xa3", _type("video/webm", "webm")),
    (rb"%PDF-", _type("application/pdf", "pdf")),
    (rb"\{\\rtf", _type("application/rtf", "rtf")),
)
PATTERNS = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in MAGIC)

OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# A zip: what its first entries must be called.  Other archives are nobody's business.
ZIPPED = (
    (b"word/", _type(f"{OPEN_XML}wordprocessingml.document", "docx")),
    (b"xl/", _type(f"{OPEN_XML}spreadsheetml.sheet", "xlsx")),
    (b"ppt/", _type(f"{OPEN_XML}presentationml.presentation", "pptx")),
    (b"opendocument.text", _type(f"{OPEN_DOCUMENT}text", "odt")),
    (b"opendocument.spreadsheet", _type(f"{OPEN_DOCUMENT}spreadsheet", "ods")),
    (b"opendocument.presentation", _type(f"{OPEN_DOCUMENT}presentation", "odp")),
)
OFFICE_ZIP = re.compile(
    rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|_rels/|docProps/|word/|xl/|ppt/|mimetype)", re.DOTALL
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Several programs write these bytes, or none in particular: here the declared type decides.
IN_OLE = {
    kind.mime: kind
    for kind in (
        _type("application/msword", "doc"),
        _type("application/vnd.ms-excel", "xls"),
        _type("application/vnd.ms-powerpoint", "ppt"),
    )
}
IN_TEXT = {
    "text/plain": _type("text/plain", "txt"),
    "text/csv": _type("text/csv", "csv"),
    "text/vcard": _type("text/vcard", "vcf"),
    "text/x-vcard": _type("text/vcard", "vcf"),
    "text/calendar": _type("text/calendar", "ics"),
}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

EXTENSIONS = frozenset(
    kind.extension
    for kind in (
        *(kind for _, kind in MAGIC),
        *(kind for _, kind in ZIPPED),
        *IN_OLE.values(),
        *IN_TEXT.values(),
    )
)


def sniff(head: bytes, declared: str = "") -> FileType | None:
    """The type of a file that begins with `head`; None for what we do not pass on.  `declared`: a MIME type."""
    declared = declared.partition(";")[0].strip().lower()
    if head.startswith(OLE):
        return IN_OLE.get(declared)
    if OFFICE_ZIP.match(head):
        return _in_zip(head, declared)
    for pattern, kind in PATTERNS:
        if pattern.match(head):
            return M4A if kind is MP4 and declared.startswith("audio/") else kind
    return IN_TEXT.get(declared) if head and _is_text(head) else None


def _in_zip(head: bytes, declared: str) -> FileType | None:
    by_name = next((kind for mark, kind in ZIPPED if mark in head), None)
    return by_name or next((kind for _, kind in ZIPPED if kind.mime == declared), None)


def _is_text(head: bytes) -> bool:
    """Words, in whatever alphabet; no page and no drawing, which a browser would run."""
    if head.startswith(UTF_16):
        return "<" not in head.decode("utf-16", "replace")[:200]
    return not NOT_IN_TEXT.search(head) and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
