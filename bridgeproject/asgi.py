"""The web process: a gate that limits and logs requests, behind it the machines' way, and Django for people."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgeproject.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from interconnections.http.fast_router import Machines  # noqa: E402
from interconnections.http.middleware import Gate  # noqa: E402  (needs the applications loaded)

application = Gate(Machines(django))
