"""From which address a request comes, whoever claims what."""

import pytest

from interconnections.proxies import UNTOLD, address, trusted

OURS = ("10.0.0.5", "10.1.0.0/16", "2001:db8:1::/48", "unix")


@pytest.mark.parametrize(
    ("peer", "claims", "counted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # who is no proxy of ours claims what he likes
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # the first was written by the client
        ("10.0.0.5", "1.1.1.1,198.51.100.1,10.1.2.3", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.5", "10.1.2.3, 10.1.2.4", "10.1.2.3"),
        ("10.0.0.5", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.5", "[2001:db8:7:8::1]:443", "2001:db8:7:8::/64"),
        ("10.0.0.5", "2001:db8:7:8:ffff::1", "2001:db8:7:8::/64"),
        ("10.0.0.5", '"[2001:db8:7:8::1]"', "2001:db8:7:8::/64"),
        ("10.0.0.5", "fe80::1%eth0", "fe80::/64"),
        ("10.0.0.5", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("2001:db8:1::9", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "unknown", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, _hidden", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, , ", "10.0.0.5"),
        ("10.0.0.5", "\0\x1b[31m", "10.0.0.5"),
        ("10.0.0.5", ",".join(["1.1.1.1"] * 5000), "1.1.1.1"),
        ("", "198.51.100.1", "198.51.100.1"),  # over a unix socket
        ("", "", ""),
    ],
)
def test_the_last_that_a_proxy_of_ours_heard_is_counted(peer: str, claims: str, counted: str) -> None:
    assert address(peer, claims, trusted(OURS)) == counted


@pytest.mark.parametrize(
    ("peer", "claims", "counted"),
    [
        ("127.0.0.1", "198.51.100.1", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("198.51.100.1", "198.51.100.1", UNTOLD),  # the server believed somebody on this machine
        ("198.51.100.2", "198.51.100.1, 198.51.100.2", UNTOLD),
        ("2001:db8::1", "2001:db8:0::1", UNTOLD),
        ("", "198.51.100.1", ""),
    ],
)
def test_without_proxies_of_ours_no_claim_is_believed(peer: str, claims: str, counted: str) -> None:
    assert address(peer, claims, trusted(())) == counted


@pytest.mark.parametrize(
    ("seen", "claims", "counted"),
    [
        ("198.51.100.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # read as we read it
        ("10.1.2.3", "198.51.100.1, 10.1.2.3", "198.51.100.1"),  # it knows fewer of our proxies than we do
        ("203.0.113.7", "203.0.113.7, 8.8.8.8", UNTOLD),  # or the client wrote his own address, and one more
        ("1.1.1.1", "1.1.1.1, 198.51.100.1", UNTOLD),  # a server that believes everybody takes the first
    ],
)
def test_what_the_server_read_is_believed_where_we_read_the_same(seen: str, claims: str, counted: str) -> None:
    assert address(seen, claims, trusted(OURS)) == counted


@pytest.mark.parametrize("name", ["10.0.0", "10.0.0.5/8", "nginx", "", "10.0.0.0/33"])
def test_what_is_no_address_is_no_proxy(name: str) -> None:
    with pytest.raises(ValueError):
        trusted([name])
