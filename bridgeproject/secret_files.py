"""Secrets of the environment that lie in files, as Docker, systemd and Kubernetes mount them: NAME_FILE for NAME."""

from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = ("SECRET_KEY", "ENCRYPTION_KEYS", "REDIS_URL", "REDIS_SENTINEL_PASSWORD", "DATABASE_URL")


def with_secret_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, with what the files of its NAME_FILEs say, without the line's end."""
    found = dict(environment)
    for name in SECRETS:
        path = found.get(f"{name}_FILE", "")
        if not path:
            continue
        if found.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: set one of them.")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE is {path!r}, which cannot be read ({type(error).__name__}): name a file of text."
            ) from None
        if not found[name]:
            raise ImproperlyConfigured(f"{name}_FILE is {path!r}, which is empty.")
    return found
