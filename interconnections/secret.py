"""Secrets: encrypted where they rest, wrapped where they travel.

Django's error reports print local variables; a Secret shows `***` there, in logs, in formats and in reprs,
cannot be pickled and is not JSON.  Only `reveal()` gives the text, and it is called where a header is written.
"""

from functools import lru_cache
from hmac import compare_digest
from typing import NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy

from interconnections.errors import Undecipherable

NO_KEY_OPENS_IT = gettext_lazy("A secret is stored, but no key opens it: type it again, or bring back its key.")


class Secret:
    """A text that does not print."""

    __slots__ = ("_text",)
    unreadable = False  # a stored secret that no key opens is told apart from none

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not to be pickled")


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in keys])


def seal(secret: Secret) -> str:
    """Encrypted with the first of ENCRYPTION_KEYS; 80 bytes become about 200."""
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(secret.reveal().encode()).decode()


def unseal(sealed: str) -> Secret:
    """Decrypted with whichever of ENCRYPTION_KEYS fits; raises Undecipherable when none does."""
    try:
        return Secret(_fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode())
    except (InvalidToken, UnicodeError):
        raise Undecipherable("no key of ENCRYPTION_KEYS opens this secret") from None
