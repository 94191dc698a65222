"""The web process: Django behind the gate that limits and logs requests."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgeproject.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from interconnections.http.gate import Gate  # noqa: E402  (needs the applications loaded)

application = Gate(django)
