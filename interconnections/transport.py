"""The wire that this installation speaks with: the fast one, or aiohttp's where HTTP_CLIENT says so."""

from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings

from interconnections.http11.wire import FastWire
from interconnections.wire import HttpWire

Transport: TypeAlias = FastWire | HttpWire


def new_wire(lapsed: Callable[[], bool] | None = None) -> Transport:
    """Whoever has one closes it.  `lapsed()`: may what the caller owns be another's by now?"""
    return HttpWire(lapsed) if settings.HTTP_CLIENT == "aiohttp" else FastWire(lapsed)
