"""What a file is, in the words of whoever keeps it: a MIME type and an extension.  Pure."""

import re
from dataclasses import dataclass

# What is declared by those who do not know: storages, proxies, browsers.
UNDECLARED = re.compile(
    r"|\*/\*|(application|binary|multipart)/"
    r"(octet-stream|x-octet-stream|binary|x-binary|unknown|x-unknown|download|x-download|force-download"
    r"|x-force-download|x-unknown-content-type|form-data|file|x-file)"
)


@dataclass(frozen=True, slots=True)
class FileType:
    mime: str
    extension: str  # without the dot


def plain_mime(declared: str) -> str:
    """In small letters and without parameters; "" where nothing is said by it."""
    mime = declared.partition(";")[0].strip().lower()
    return "" if UNDECLARED.fullmatch(mime) else mime


def ending_of(name: str) -> str:
    """`csv` of `Lista de precios.CSV`; "" where there is none."""
    stem, dot, ending = name.strip().rpartition(".")
    return ending.lower() if dot and stem and ending.isalnum() else ""
