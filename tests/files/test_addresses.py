"""Which addresses are public."""

from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interconnections.files.addresses import is_public

CLOSED = """
0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.9.9.9 168.63.129.16 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 224.0.0.251 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::808:808 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
"""
OPEN = "8.8.8.8 100.63.255.255 100.128.0.1 172.32.0.1 ::ffff:8.8.8.8 64:ff9b::808:808 2606:4700::1111 2a00:1450::1"


@pytest.mark.parametrize("text", CLOSED.split())
def test_what_only_our_own_network_answers_is_not_public(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OPEN.split())
def test_the_rest_is(text):
    assert is_public(ip_address(text))


@settings(max_examples=300)
@given(st.ip_addresses())
def test_nothing_is_public_that_python_does_not_call_global(address):
    wrapped = getattr(address, "ipv4_mapped", None) or address
    assert not is_public(address) or (wrapped.is_global and not wrapped.is_multicast)
