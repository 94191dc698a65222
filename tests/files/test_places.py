"""Which addresses are asked for at all."""

import pytest
from yarl import URL

from interconnections.errors import FileRefused
from interconnections.files.url_policy import beyond, place

LISTED = ("cdn.home.test", "10.0.0.5", "[fd00::5]:8443", "Media.Home.test:8080", "niño.test")

REFUSED = {
    "http://cdn.test/a": "not https",
    "ftp://cdn.test/a": "not https",
    "file:///etc/passwd": "not https",
    "gopher://cdn.home.test/a": "not https",
    "data:image/png;base64,AAAA": "not https",
    "//cdn.test/a": "not https",
    "cdn.test/a": "not https",
    "": "not https",
    "https://": "no host|be read",
    "https:///a": "no host|be read",
    "https://user@cdn.test/a": "user's name",
    "https://user:password@cdn.home.test/a": "user's name",
    "https://:@cdn.test/a": "user's name",
    "https://cdn.test:8443/a": "a port",
    "https://cdn.test:22/a": "a port",
    "https://cdn.test:99999/a": "be read",
    "https://media.home.test/a": "",  # listed for another port only, but public hosts need no listing
    "http://media.home.test:8081/a": "not https",
    "https://[::1/a": "be read",
    "https://cdn.test/a\r\nHost: inside": "control characters",
    "https://cdn.test/" + "a" * 5000: "too long",
}


@pytest.mark.parametrize("address", [address for address, why in REFUSED.items() if why], ids=lambda a: a[:40])
def test_an_address_is_refused_with_the_reason(address):
    with pytest.raises(FileRefused, match=REFUSED[address]):
        place(address, LISTED)


@pytest.mark.parametrize(
    "address",
    [
        "https://cdn.test/a",
        "https://cdn.test:443/a",
        "HTTPS://CDN.TEST/a",
        "https://media.home.test/a",
        "http://cdn.home.test/a",
        "http://CDN.HOME.test.:9000/a",
        "http://10.0.0.5:9000/a",
        "https://[fd00::5]:8443/a",
        "http://media.home.test:8080/a",
        "http://niño.test/a",
        "http://xn--nio-8ma.test/a",
    ],
)
def test_https_everywhere_and_anything_at_a_listed_host(address):
    assert place(address, LISTED).path == "/a"


def test_a_listed_name_does_not_list_its_neighbours():
    for address in ("http://evil-cdn.home.test/a", "http://a.cdn.home.test/a", "http://cdn.home.test.evil.test/a"):
        with pytest.raises(FileRefused):
            place(address, LISTED)


def test_a_signed_address_is_asked_for_byte_for_byte():
    signed = "/a%2Fb%7e.jpg?X-Sig=a%2bB%3d&e=1+2"
    assert place(f"https://cdn.test{signed}").raw_path_qs == signed


def test_letters_that_an_address_cannot_hold_are_written_as_they_must():
    assert place("https://cdn.test/mi niño.jpg").raw_path == "/mi%20ni%C3%B1o.jpg"


def test_a_redirect_is_no_better_than_another_address():
    here = URL("https://cdn.test/folder/a?x=1")
    assert str(beyond(here, "b?y=%2F")) == "https://cdn.test/folder/b?y=%2F"
    assert str(beyond(here, "//other.test/c")) == "https://other.test/c"
    for location in ("http://cdn.test/a", "file:///etc/passwd", "https://u:p@cdn.test/", "https://[::1"):
        with pytest.raises(FileRefused):
            beyond(here, location)
