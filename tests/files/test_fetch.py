"""Fetching over real sockets from a small internet, part of which must not be reached."""

import asyncio
import gc
import socket
import threading
import warnings

import pytest

from interconnections.errors import FileRefused, FileUnwell
from interconnections.files.fetch import IN_MEMORY, Fetcher, Limits
from interconnections.files.resolve import AT_ONCE

from .conftest import FILM, INSIDE, OUTSIDE, PNG


async def test_a_file_comes_whole_with_its_type(internet):
    with await internet.fetcher().fetch("https://cdn.test/photo", declared="image/jpeg") as file:
        assert file.content.read() == PNG
        assert (file.size, file.type.mime, file.type.extension) == (len(PNG), "image/png", "png")


async def test_redirects_are_followed_and_looked_at(internet):
    url = "https://cdn.test/moved?to=/moved%3Fto%3D/photo%26status%3D307"
    with await internet.fetcher().fetch(url) as file:
        assert file.size == len(PNG)
    assert internet.resolved == ["cdn.test"] * 3


async def test_a_file_behind_long_headers_comes(internet):
    signed = "https://cdn.test/photo?signature=" + "x" * 3000
    for url in ("https://cdn.test/behind_headers?size=9000", f"https://cdn.test/moved?to={signed}"):
        with await internet.fetcher().fetch(url) as file:
            assert file.size == len(PNG)


@pytest.mark.parametrize(
    ("path", "name", "extension"),
    [("stored", "", "txt"), ("stored/lista.csv", "", "csv"), ("stored/3f2a", "Lista de precios.csv", "csv")],
)
async def test_a_file_of_no_type_is_known_by_its_name(internet, path, name, extension):
    for declared in ("", "application/octet-stream"):
        fetched = await internet.fetcher().fetch(f"https://cdn.test/{path}", declared=declared, name=name)
        with fetched as file:
            assert file.type.extension == extension


REFUSED = {
    "https://inside.test/photo": "not on the public internet",
    "https://both.test/photo": "not on the public internet",
    "https://127.0.0.2/photo": "not on the public internet",
    "https://[::1]/photo": "not on the public internet",
    "https://[::ffff:127.0.0.2]/photo": "not on the public internet",
    "https://cdn.test/moved?to=https://inside.test/photo": "not on the public internet",
    "https://cdn.test/moved?to=https://127.0.0.2/photo": "not on the public internet",
    "https://cdn.test/moved?to=http://cdn.test/photo": "not https",
    "https://cdn.test/moved?to=file:///etc/passwd": "not https",
    "https://cdn.test/moved?to=https://ana:1234@cdn.test/photo": "user's name",
    "https://cdn.test/moved?to=": "more than 3 redirects",
    "https://cdn.test/hundred_megabytes": "too large",
    "https://cdn.test/endless": "too large",
    "https://cdn.test/page": "of no type",
    "https://cdn.test/nothing": "empty",
    "https://cdn.test/compressed": "compressed",
    "https://cdn.test/says/401": "answered 401",
    "https://cdn.test/says/404": "answered 404",
    "https://cdn.test/says/206": "answered 206",
}


@pytest.mark.parametrize("url", REFUSED)
async def test_what_is_refused_for_good(internet, url):
    internet.names["both.test"] = [[OUTSIDE, INSIDE]]
    with pytest.raises(FileRefused, match=REFUSED[url]):
        await internet.fetcher(size=1_000_000).fetch(url)
    assert not [host for host, _ in internet.asked if host != "cdn.test"]


UNWELL = {
    "https://cdn.test/says/429": "answered 429",
    "https://cdn.test/says/503": "answered 503",
    "https://cdn.test/drip": "in time",
    "https://cdn.test/silence": "in time",
    "https://cdn.test/cut": "no whole answer",
    "https://nowhere.test/photo": "no address",
}


@pytest.mark.parametrize("url", UNWELL)
async def test_what_may_come_later(internet, url):
    stalls = "silence" in url
    with pytest.raises(FileUnwell, match=UNWELL[url]) as caught:
        await internet.fetcher(whole=60 if stalls else 0.5, stall=0.2 if stalls else 60).fetch(url)
    assert "cdn.test" not in str(caught.value)
    assert caught.value.wait == (7.0 if "says" in url else None)


async def test_a_name_that_changes_its_address_gains_nothing(internet):
    """The connection goes to what was checked, and the next look is checked again."""
    internet.names["rebinding.test"] = [[OUTSIDE], [INSIDE]]
    with await internet.fetcher().fetch("https://rebinding.test/photo") as file:
        assert file.size == len(PNG)
    assert internet.resolved == ["rebinding.test"]
    with pytest.raises(FileRefused, match="not on the public internet"):
        await internet.fetcher().fetch("https://rebinding.test/photo")
    internet.names["rebinding.test"] = [[OUTSIDE], [INSIDE]]
    with pytest.raises(FileRefused, match="not on the public internet"):
        await internet.fetcher().fetch("https://rebinding.test/moved?to=/photo")


async def test_a_listed_host_may_be_our_own_and_without_tls(internet):
    place = f"127.0.0.2:{internet.plain}"
    with await internet.fetcher().fetch(f"http://{place}/photo", listed=[place]) as file:
        assert file.size == len(PNG)
    with pytest.raises(FileRefused, match="not https"):
        await internet.fetcher().fetch(f"http://{place}/photo", listed=["127.0.0.3"])


async def test_a_listed_host_does_not_vouch_for_where_it_sends_us(internet):
    place = f"127.0.0.2:{internet.plain}"
    with pytest.raises(FileRefused, match="not on the public internet"):
        await internet.fetcher().fetch(f"http://{place}/moved?to=https://inside.test/photo", listed=[place])


async def test_a_certificate_is_asked_for(internet):
    stranger = Fetcher(internet.resolve, lambda _: True)
    with pytest.raises(FileUnwell, match="Certificate"):
        await stranger.fetch("https://cdn.test/photo")


async def test_nothing_is_told_but_the_address(internet):
    with await internet.fetcher().fetch("https://cdn.test/headers", declared="text/plain") as file:
        told = file.content.read().decode()
    assert told == "['Accept', 'Accept-Encoding', 'Connection', 'Host', 'User-Agent']identity"


async def test_a_large_file_comes_whole_and_is_not_held_in_memory(internet):
    with await internet.fetcher().fetch("https://cdn.test/film") as file:
        assert file.size == len(FILM) > 3 * IN_MEMORY
        assert file.content.read() == FILM
        assert file.content._rolled  # to the disk


async def test_a_file_may_be_as_large_as_the_limit(internet):
    with await internet.fetcher(size=len(PNG)).fetch("https://cdn.test/photo") as file:
        assert file.size == len(PNG)
    with pytest.raises(FileRefused, match="too large"):
        await internet.fetcher(size=len(PNG) - 1).fetch("https://cdn.test/photo")


async def test_what_was_refused_half_way_leaves_nothing_open(internet):
    fetcher = internet.fetcher(size=3 * IN_MEMORY)
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(FileRefused, match="too large"):
            await fetcher.fetch("https://cdn.test/endless")
        gc.collect()
    assert not warned


async def test_a_fetch_that_is_cancelled_leaves_nothing_open(internet):
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        fetching = asyncio.create_task(internet.fetcher().fetch("https://cdn.test/silence"))
        while not internet.asked:
            await asyncio.sleep(0.01)
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
        gc.collect()
    assert not warned


async def test_names_that_are_looked_up_slowly_hold_up_nobody_else(monkeypatch):
    """All 16 fetches wait for name servers of strangers; whatever goes to Salesforce looks up names as well."""
    known, answered = socket.getaddrinfo, threading.Event()

    def slowly(host, *rest, **more):
        if host.endswith(".slow.test"):
            answered.wait(20)
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return known(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    fetcher = Fetcher(limits=Limits(whole=10))
    fetches = [asyncio.create_task(fetcher.fetch(f"https://{n}.slow.test/photo")) for n in range(AT_ONCE)]
    try:
        await asyncio.sleep(0)
        async with asyncio.timeout(30):
            assert await asyncio.get_running_loop().getaddrinfo("localhost", 80)
    finally:
        answered.set()
        for result in await asyncio.gather(*fetches, return_exceptions=True):
            assert isinstance(result, FileUnwell)
