"""What a file is called."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interconnections.files.names import FORBIDDEN, KNOWN, LONGEST, name_for, title_for

CASES = [
    # W25: accents stay, the extension's dot is a dot, no signature in the title, one extension
    ({"caption": "Mi niña en el jardín"}, "jpg", "Mi niña en el jardín.jpg"),
    ({"caption": "Factura nº 12.pdf"}, "pdf", "Factura nº 12.pdf"),
    ({"url": "https://cdn.test/a/recibo%20a%C3%B1o.jpeg?X-Sig=secret"}, "jpg", "recibo año.jpg"),
    ({"url": "https://cdn.test/a/nota.ogg.oga"}, "ogg", "nota.ogg"),
    ({"url": "https://cdn.test/?file=a.jpg"}, "jpg", "file.jpg"),
    ({"url": "https://[::1", "fallback": "imagen"}, "jpg", "imagen.jpg"),
    # which of them is taken
    ({"filename": "contrato.docx", "caption": "aquí está", "url": "https://c.test/x"}, "docx", "contrato.docx"),
    ({"caption": "aquí está", "url": "https://c.test/x.pdf"}, "pdf", "aquí está.pdf"),
    ({"filename": " .pdf", "caption": "\u200b", "url": "https://c.test/x.pdf"}, "pdf", "pdf.pdf"),
    ({"fallback": "nota de voz"}, "ogg", "nota de voz.ogg"),
    ({}, "ogg", "file.ogg"),
    # nothing that leads elsewhere, nothing unseen
    ({"filename": "../../etc/passwd"}, "txt", "passwd.txt"),
    ({"filename": "C:\\Users\\Ana\\foto.png"}, "png", "foto.png"),
    ({"url": "https://c.test/a%2F..%2F..%2Fb.png"}, "png", "b.png"),
    ({"caption": "1/2 caja: ¿rota?"}, "jpg", "1 2 caja ¿rota.jpg"),
    ({"filename": "foto\u202egpj.exe"}, "jpg", "fotogpj.jpg"),
    ({"filename": "foto.jpg.exe"}, "jpg", "foto.jpg"),
    ({"filename": ".htaccess"}, "txt", "htaccess.txt"),
    ({"caption": "dos\nlíneas\t y más"}, "jpg", "dos líneas y más.jpg"),
    ({"filename": "informe.v2.final.pdf"}, "pdf", "informe.v2.final.pdf"),
    ({"caption": "Ana 👩\u200d🔬"}, "jpg", "Ana 👩\u200d🔬.jpg"),
    ({"caption": "nin\u0303o"}, "jpg", "niño.jpg"),
]


@pytest.mark.parametrize(("words", "extension", "name"), CASES)
def test_a_name(words, extension, name):
    assert name_for(title_for(**words), extension) == name


HARD = [
    "👩‍🔬",
    "e\u0301",
    "\u200d",
    "\u202e",
    "\u2066",
    "\0",
    "\n",
    "\ud83d",
    "/",
    "\\",
    ".",
    "..",
    ".jpg",
    ".PDF",
    " ",
]
words = st.lists(st.sampled_from(HARD) | st.text(max_size=9), max_size=60).map("".join)


@settings(max_examples=300)
@given(words, words, words, words)
@example("é" * 69 + "ab.jpgx", "", "", "")
@example("e\u200e\u0301", "", "", "")
def test_any_words_make_a_name_that_can_be_kept(filename, caption, url, fallback):
    title = title_for(filename=filename, caption=caption, url=url, fallback=fallback)
    name = name_for(title, "png")
    stem, dot, extension = name.rpartition(".")
    assert (dot, extension) == (".", "png")
    assert stem.strip(" .\u200c\u200d") == stem != ""
    assert stem.rpartition(".")[2].lower() not in KNOWN or "." not in stem
    assert not FORBIDDEN.search(name)
    unseen = {unicodedata.category(letter) for letter in name if letter not in "\u200c\u200d"}
    assert not unseen & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert len(name.encode()) <= LONGEST
    assert unicodedata.is_normalized("NFC", name)
