"""The wire that this installation speaks with: the fast one, or aiohttp's where HTTP_CLIENT says so."""

from collections.abc import Callable
from typing import TypeAlias

from django.conf import settings

from interconnections.host_limits import HostLimits
from interconnections.http11.wire import FastWire
from interconnections.wire import HttpWire

Transport: TypeAlias = FastWire | HttpWire


def new_wire(lapsed: Callable[[], bool] | None = None, limits: HostLimits | None = None) -> Transport:
    """Whoever has one closes it.  `lapsed()`: may what the caller owned be another's by now?"""
    if settings.HTTP_CLIENT == "aiohttp":
        return HttpWire(lapsed, limits)
    return FastWire(lapsed, limits=limits)
