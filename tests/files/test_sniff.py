"""What a file is by its first bytes."""

import io
import zipfile

import pytest

from interconnections.files.sniff import sniff


def zipped(*names: str) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "<x/>")
    return into.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
EXCEL = "application/vnd.ms-excel"

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
]


@pytest.mark.parametrize(("head", "declared", "extension"), KNOWN)
def test_a_type_that_is_passed_on(head, declared, extension):
    kind = sniff(head, declared)
    assert kind and kind.extension == extension


@pytest.mark.parametrize(("head", "declared"), UNKNOWN)
def test_a_type_that_is_not(head, declared):
    assert sniff(head, declared) is None
