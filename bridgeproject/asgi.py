"""The web process: a gate that limits and logs requests, behind it the machines' way, and Django for people."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgeproject.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from interconnections.http import board_socket  # noqa: E402  (needs the applications loaded)
from interconnections.http.fast_router import Machines  # noqa: E402
from interconnections.http.middleware import Gate  # noqa: E402  (needs the applications loaded)

application = Gate(Machines(django), {board_socket.PATH: board_socket.board_socket})
