"""What a file is by its first bytes."""

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interconnections.files.sniff import EXTENSIONS, sniff


def zipped(*names: str) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)  # dated 1980: the tests' names must not depend on the clock
            archive.writestr(entry, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "<x/>")
    return into.getvalue()


def first(name: str) -> bytes:
    """The head of a zip that begins with this entry."""
    own = name.encode()
    return b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0" + bytes(12) + bytes((len(own), 0, 0, 0)) + own + b"\x4b\x6a" * 90


def boxes(major: str, *compatible: str) -> bytes:
    """`ftyp` with its brands, and a little of what follows."""
    brands = "".join(compatible).encode()
    return (16 + len(brands)).to_bytes(4, "big") + b"ftyp" + major.encode() + bytes(4) + brands + b"\0\0\x10\0meta"


def ebml(kind: str) -> bytes:
    return (
        b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\xf7\x81\x01B\x82"
        + bytes((0x80 + len(kind),))
        + kind.encode()
    )


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
EXCEL, WORD, POWERPOINT = "application/vnd.ms-excel", "application/msword", "application/vnd.ms-powerpoint"
OPEN = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{OPEN}wordprocessingml.document", f"{OPEN}spreadsheetml.sheet"
PPTX = f"{OPEN}presentationml.presentation"
ANY = "application/octet-stream"
LIST = b"sku,cantidad\r\nA,2\r\n"

KNOWN = [
    (b"\xff\xd8\xff\xe0..JFIF", "", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/jpeg", "png"),  # the bytes win
    (b"GIF89a", "", "gif"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "", "webp"),
    (b"\0\0\0\x18ftypheic", "", "heic"),
    (b"OggS\0\x02", "audio/ogg; codecs=opus", "ogg"),
    (b"ID3\x04", "", "mp3"),
    (b"\xff\xfb\x90", "", "mp3"),
    (b"\xff\xf1P", "", "aac"),
    (b"#!AMR\n", "", "amr"),
    (b"RIFF\x10\0\0\0WAVEfmt ", "", "wav"),
    (b"\0\0\0\x20ftypM4A ", "", "m4a"),
    (b"\0\0\0\x18ftypmp42", "audio/mp4", "m4a"),
    (b"\0\0\0\x18ftypmp42", "video/mp4", "mp4"),
    (b"\0\0\0\x14ftyp3gp4", "", "3gp"),
    (b"\0\0\0\x14ftypqt  ", "", "mov"),
    (b"\x1aE\xdf\xa3", "", "webm"),
    (b"%PDF-1.7\n", "", "pdf"),
    (b"{\\rtf1", "", "rtf"),
    (zipped("[Content_Types].xml", "word/document.xml"), "", "docx"),
    (zipped("_rels/.rels", "xl/workbook.xml"), "application/octet-stream", "xlsx"),
    (zipped("docProps/app.xml", "ppt/presentation.xml"), "", "pptx"),
    (zipped("mimetype", "content.xml"), "", "odt"),
    (OLE, EXCEL, "xls"),
    ("niño;€\n".encode(), "text/csv; charset=utf-8", "csv"),
    ("niño".encode("latin-1"), "TEXT/PLAIN", "txt"),
    ("hola".encode("utf-16"), "text/plain", "txt"),
    (b"BEGIN:VCARD\r\n", "text/x-vcard", "vcf"),
    # one format, many spellings of its MIME type
    *[
        (LIST, declared, "csv")
        for declared in (
            EXCEL,
            "text/comma-separated-values",
            "application/csv",
            "text/x-csv",
            "application/x-csv",
            "text/x-comma-separated-values",
            "application/x-msexcel",
            "application/excel",
            "Text/CSV ; header=present",
        )
    ],
    *[
        (LIST, declared, "txt")
        for declared in (
            ANY,
            "binary/octet-stream",
            "application/x-download",
            "text/markdown",
            "text/x-log",
            "application/txt",
            WORD,
        )
    ],
    (b"sku\tcantidad\r\n", "text/tab-separated-values", "tsv"),
    (b"BEGIN:VCARD\r\n", "text/directory", "vcf"),
    (b"BEGIN:VCARD\r\n", "text/plain", "vcf"),
    (b"BEGIN:VCALENDAR\r\n", ANY, "ics"),
    *[(OLE, declared, "xls") for declared in ("application/x-msexcel", "application/excel", "application/xls")],
    *[(OLE, declared, "doc") for declared in ("application/x-msword", "application/vnd.ms-word", "application/doc")],
    *[(OLE, declared, "ppt") for declared in ("application/mspowerpoint", "application/x-ms-powerpoint")],
    (OLE, DOCX, "docx"),  # with a password
    # any entry may come first in a zip
    *[
        (first(name), DOCX, "docx")
        for name in (
            "customXml/item1.xml",
            "docMetadata/LabelInfo.xml",
            "[trash]/0000.dat",
            "userCustomization/x.xml",
            "a.xml",
        )
    ],
    (first("[Content_Types].xml"), XLSX, "xlsx"),
    (first("[Content_Types].xml"), EXCEL, "xlsx"),
    (first("customXml/item1.xml"), PPTX, "pptx"),
    (zipped("customXml/item1.xml", "xl/workbook.xml"), DOCX, "xlsx"),  # the bytes win
    (zipped("[Content_Types].xml", "word/embeddings/xl/a.xlsx"), "", "docx"),
    (zipped("[Content_Types].xml", "Xl\\workbook.xml"), "application/zip", "xlsx"),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.ms-excel.sheet.macroEnabled.12", "xlsm"),
    (zipped("[Content_Types].xml", "ppt/a.xml"), f"{OPEN}presentationml.slideshow", "ppsx"),
    # brands of one family
    *[(boxes(brand), "image/heic-sequence", "heic") for brand in ("hevc", "hevx", "heix", "heim", "heis", "msf1")],
    *[(boxes(brand), "image/avif", "avif") for brand in ("avif", "avis")],
    (boxes("mif1", "mif1", "avif", "miaf"), "", "avif"),
    (boxes("mif1", "mif1", "heic"), "image/heif", "heic"),
    (boxes("mif1"), "", "heic"),
    (boxes("zzzz", "zzzz", "avis"), "image/jpeg", "avif"),
    (boxes("zzzz"), "image/heif-sequence", "heic"),
    (boxes("zzzz"), "", "mp4"),
    (boxes("isom", "isom", "mp41"), "image/jpeg", "mp4"),  # the bytes win
    (boxes("M4B "), "", "m4a"),
    (boxes("M4V "), "", "m4v"),
    (boxes("3g2a"), "", "3g2"),
    (boxes("3gp5"), "audio/3gpp", "3gp"),
    (ebml("matroska"), "", "mkv"),
    (ebml("webm"), "video/webm", "webm"),
    (b"OggS" + bytes(24) + b"\x80theora", "", "ogv"),
    (b"RIFF\x10\0\0\0AVI LIST", "", "avi"),
    (b"fLaC\0\0\0\x22", "audio/flac", "flac"),
    (b"ID3\x04", "audio/aac", "aac"),
    (b"\xff\xe3\x18", "", "mp3"),
    (b"\0\0\0\x08wide\0\0\0\0mdat", "video/quicktime", "mov"),
    (b"\xef\xbb\xbf\r\n%PDF-1.4", "application/pdf", "pdf"),
    # UTF-16 like others
    ("precio < 100, cantidad > 2".encode("utf-16"), "text/plain", "txt"),
    ("niño;€\n".encode("utf-16"), "text/csv", "csv"),
    (b"\xfe\xff" + "sku\tcantidad".encode("utf-16-be"), EXCEL, "csv"),
    ("hola".encode("utf-32"), "text/plain", "txt"),
    ("BEGIN:VCARD\r\n".encode("utf-16"), "text/x-vcard", "vcf"),
]
NAMED = [
    (LIST, ANY, "Lista de precios.CSV", "csv"),
    (LIST, "", "lista.csv", "csv"),
    (LIST, "text/plain", "lista.csv", "csv"),
    (LIST, ANY, "lista.js", "txt"),
    (LIST, ANY, "csv", "txt"),
    (LIST, "image/jpeg", "lista.csv", None),
    (OLE, ANY, "carta.doc", "doc"),
    (OLE, "binary/octet-stream", "instala.msi", None),
    (first("a.xml"), "application/zip", "carta.docx", "docx"),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), EXCEL, "lista.xlsm", "xlsm"),
    (zipped("evil.exe"), ANY, "carta.docx", None),
    (b"\x89PNG\r\n\x1a\n", ANY, "foto.csv", "png"),
]
UNKNOWN = [
    (b"MZ\x90\0", "image/png"),
    (b"\x7fELF", "application/octet-stream"),
    (b"<!DOCTYPE html>", "image/jpeg"),
    (b"<html>", "text/html"),
    (b"\xef\xbb\xbf \n<script>", "text/plain"),
    ("<svg>".encode("utf-16"), "text/plain"),
    (b'<svg xmlns="http://www.w3.org/2000/svg">', "image/svg+xml"),
    (b'{"error":"expired"}', "image/jpeg"),  # words, but nobody said that words come
    (b"words", ""),
    (b"wo\0rds", "text/plain"),
    (OLE, ""),  # may be an installer
    (OLE, "image/png"),
    (zipped("evil.exe"), "application/zip"),
    (zipped("word/document.xml.exe")[:20], ""),
    (zipped("AndroidManifest.xml", "word/"), "application/vnd.ms-word"),
    (b"PK\x05\x06" + bytes(18), "application/zip"),
    (b"Rar!\x1a\x07", ""),
    (b"", "text/plain"),
    (b"", ANY),
    (b"MZ\x90\0", ANY),
    (b"<html>", ANY),
    (b"\x0c <html>", EXCEL),
    (b"words", "application/json"),
    (b"words", "image/jpeg"),
    *[("\n  <script>".encode(encoding), "text/plain") for encoding in ("utf-16", "utf-32")],
    ((" " * 300 + "<script>").encode("utf-16"), "text/plain"),
    ("wo\0rds".encode("utf-16"), "text/plain"),
    (b"\xfe\xff" + "\ufeff<svg>".encode("utf-16-be"), ANY),
    (OLE, ANY),
    (boxes("zzzz"), "image/jpeg"),
    (boxes("crx "), "image/x-canon-cr3"),
    (boxes("crx "), ""),
    (boxes("crx "), "video/mp4"),
    (zipped("evil.exe"), DOCX),
    (zipped("META-INF/MANIFEST.MF"), DOCX),
    (zipped("[Content_Types].xml", "visio/document.xml"), "application/zip"),
    (first("a.xml"), "application/zip"),
]


@pytest.mark.parametrize(("head", "declared", "extension"), KNOWN)
def test_a_type_that_is_passed_on(head, declared, extension):
    kind = sniff(head, declared)
    assert kind and kind.extension == extension


@pytest.mark.parametrize(("head", "declared"), UNKNOWN)
def test_a_type_that_is_not(head, declared):
    assert sniff(head, declared) is None


@pytest.mark.parametrize(("head", "declared", "name", "extension"), NAMED)
def test_the_names_ending_decides_where_the_declared_type_says_nothing(head, declared, name, extension):
    kind = sniff(head, declared, name)
    assert (kind and kind.extension) == extension


@given(
    st.binary(max_size=200),
    st.sampled_from(["", ANY, DOCX, EXCEL, "image/heic", "text/csv", "x"]),
    st.text(max_size=8),
)
@example(first("word")[:31], DOCX, "")
@example(boxes("mif1")[:12], "image/heic", "")
def test_no_head_makes_it_stumble(head, declared, name):
    for beginning in (b"", b"PK\x03\x04", OLE, b"\0\0\0\x20ftyp", b"\xff\xfe", b"\xff\xfe\0\0"):
        kind = sniff(beginning + head, declared, name)
        assert kind is None or kind.extension in EXTENSIONS
