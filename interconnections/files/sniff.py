"""What a file is, by its first bytes; what was declared, or its name's ending, only chooses between what these allow.

A list of what we pass on: what is not on it (programs, pages, archives) never reaches a case.  It has what WhatsApp
takes (whatsapp-cloud-api.md section 6) and what phones and offices make besides.  Pure.
"""

import re

from interconnections.files import iso_media, office, plain_text
from interconnections.files.file_type import FileType, ending_of, plain_mime

HEAD = 4096  # bytes that are looked at

# The first row that fits; where a row names declared types, only for these.
MAGIC: tuple[tuple[bytes, str, FileType], ...] = (
    (rb"\xff\xd8\xff", "", FileType("image/jpeg", "jpg")),
    (rb"\x89PNG\r\n\x1a\n", "", FileType("image/png", "png")),
    (rb"GIF8[79]a", "", FileType("image/gif", "gif")),
    (rb"RIFF....WEBP", "", FileType("image/webp", "webp")),
    (rb"II\*\0|MM\0\*", "", FileType("image/tiff", "tif")),
    (rb"BM....\0\0\0\0", "", FileType("image/bmp", "bmp")),
    (rb"OggS.{0,200}\x80theora", "", FileType("video/ogg", "ogv")),
    (rb"OggS", "", FileType("audio/ogg", "ogg")),
    (rb"ID3[\x02-\x04]", r"audio/(x-)?(hx-)?aacp?", FileType("audio/aac", "aac")),
    (rb"ID3[\x02-\x04]", r"audio/(x-)?flac", FileType("audio/flac", "flac")),
    (rb"ID3[\x02-\x04]|\xff[\xfa\xfb\xf2\xf3\xe2\xe3]", "", FileType("audio/mpeg", "mp3")),
    (rb"\xff[\xf0\xf1\xf8\xf9]|ADIF", "", FileType("audio/aac", "aac")),
    (rb"fLaC", "", FileType("audio/flac", "flac")),
    (rb"#!AMR", "", FileType("audio/amr", "amr")),
    (rb"RIFF....WAVE", "", FileType("audio/wav", "wav")),
    (rb"RIFF....AVI ", "", FileType("video/x-msvideo", "avi")),
    (rb"[\0-\x08]...(moov|mdat|wide)", "", FileType("video/quicktime", "mov")),
    (rb"\x1aE\xdf\xa3.{0,60}matroska", r"audio/.*", FileType("audio/x-matroska", "mka")),
    (rb"\x1aE\xdf\xa3.{0,60}matroska", "", FileType("video/x-matroska", "mkv")),
    (rb"\x1aE\xdf\xa3", r"audio/.*", FileType("audio/webm", "webm")),
    (rb"\x1aE\xdf\xa3", "", FileType("video/webm", "webm")),
    (rb"\0\0\x01\xba", "", FileType("video/mpeg", "mpg")),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", r"audio/.*", FileType("audio/x-ms-wma", "wma")),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "", FileType("video/x-ms-wmv", "wmv")),
    (rb"(\xef\xbb\xbf)?[\s\0]{0,1024}%PDF-", "", FileType("application/pdf", "pdf")),
    (rb"\{\\rtf", "", FileType("application/rtf", "rtf")),
)
PATTERNS = tuple((re.compile(pattern, re.DOTALL), re.compile(said), kind) for pattern, said, kind in MAGIC)
FTYP = re.compile(rb"....ftyp....", re.DOTALL)

EXTENSIONS = frozenset(
    kind.extension
    for kind in (
        *(kind for *_, kind in MAGIC),
        *(iso_media.HEIC, iso_media.AVIF, iso_media.M4A, iso_media.MP4, iso_media.THREE_GP),
        *iso_media.BRANDS.values(),
        *office.IN_ZIP,
        *office.OLD.values(),
        *plain_text.TYPES,
    )
)


def sniff(head: bytes, declared: str = "", name: str = "") -> FileType | None:
    """The type of a file that begins with `head`; None for what we do not pass on.

    `declared`: a MIME type; `name`: what the file was called, asked where the declared type says nothing.
    """
    mime, ending = plain_mime(declared), ending_of(name)
    if head.startswith(office.OLE):
        return office.in_ole(mime, ending)
    if head.startswith(office.ZIP):
        return office.in_zip(head, mime, ending)
    if FTYP.match(head):
        return iso_media.in_boxes(head, mime)
    for pattern, said, kind in PATTERNS:
        if pattern.match(head) and (not said.pattern or said.fullmatch(mime)):
            return kind
    return plain_text.in_text(head, mime, ending, expected=bool(declared.strip()))
