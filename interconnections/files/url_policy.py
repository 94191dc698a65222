"""Which addresses of files we go to at all: the part that needs no network.  Pure.

The URL that is checked is the object that is asked for later: no second parser, which might read it differently.
"""

from collections.abc import Collection

from yarl import URL

from interconnections.errors import FileRefused

LONGEST = 4000  # characters; signed addresses are long


def place(address: str, listed: Collection[str] = ()) -> URL:
    """The file's address, to be asked for; raises FileRefused.

    Kept byte for byte where it can be: a signature in it covers how it is written.
    """
    address = address.strip()
    if len(address) > LONGEST:
        raise FileRefused("its address is too long")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in address):
        raise FileRefused("its address holds control characters")
    try:
        return _checked(URL(address, encoded=address.isascii() and " " not in address), listed)
    except ValueError:
        raise FileRefused("its address cannot be read") from None


def beyond(here: URL, location: str, listed: Collection[str] = ()) -> URL:
    """Where a redirect leads; raises FileRefused, as it is no better than any other address."""
    try:
        target = URL(location, encoded=location.isascii() and " " not in location)
        return place(str(here.join(target)), listed)
    except ValueError:
        raise FileRefused("a redirect leads nowhere") from None


def _checked(url: URL, listed: Collection[str]) -> URL:
    at_home = is_listed(url, listed)
    if url.scheme != "https" and not (url.scheme == "http" and at_home):
        raise FileRefused("its address is not https")
    if not url.host:
        raise FileRefused("its address names no host")
    if url.raw_user is not None or url.raw_password is not None:
        raise FileRefused("its address holds a user's name")
    if url.port != 443 and not at_home:
        raise FileRefused("its address names a port")
    return url


def is_listed(url: URL, listed: Collection[str]) -> bool:
    """Is its host one of the bot's `media_hosts`?  An entry is a host, or host:port for this port only."""
    host = _plain(url.raw_host or "")
    names = {host, _plain(url.host or "")}
    names |= {f"[{name}]" if ":" in name else name for name in names}
    names |= {f"{name}:{url.port}" for name in names if name}
    return bool(host) and any(_plain(entry) in names for entry in listed)


def _plain(host: str) -> str:
    return host.strip().casefold().rstrip(".")
