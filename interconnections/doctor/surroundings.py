"""The settings.  What is missing or an example stopped the process before; here is what only looks right."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from interconnections.doctor.findings import Finding, Group
from interconnections.proxies import too_wide

GROUP = Group("Settings")
LOCAL = ("localhost", "127.0.0.1", "[::1]")


def settings_findings() -> list[Finding]:
    behind_tls = settings.PUBLIC_URL.startswith("https://")
    return [*served_findings(), *_proxies(settings.TRUSTED_PROXIES, behind_tls=behind_tls)]


def served_findings() -> list[Finding]:
    """How we are reached and guarded, without whom we believe (interconnections/checks.py)."""
    found = [
        GROUP.warning("DEBUG is on: error pages show what people said", "Take DEBUG away; it is off by default.")
        if settings.DEBUG
        else GROUP.ok("DEBUG is off"),
        *_public_url(settings.PUBLIC_URL, settings.ALLOWED_HOSTS),
    ]
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            GROUP.warning(
                "ALLOWED_HOSTS has '*': any host name is answered", "Name the hosts: ALLOWED_HOSTS=bridge.example.org"
            )
        )
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5:
        found.append(
            GROUP.warning(
                "SECRET_KEY is short: the API's tokens could be guessed",
                "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'. All log-ins end.",
            )
        )
    return found


def _proxies(names: list[str], *, behind_tls: bool) -> list[Finding]:
    if not names and behind_tls:
        return [
            GROUP.warning(
                "TRUSTED_PROXIES is not set: everybody behind the proxy is one address, so whoever guesses a bot's "
                "password keeps the bot out, too",
                "Name the proxies that end TLS for us: TRUSTED_PROXIES=10.0.0.5 (or unix, for a socket).",
            )
        ]
    return [
        GROUP.warning(
            f"TRUSTED_PROXIES trusts {name}: nearly everybody may claim any address",
            "Name your proxies, or the network that only they are in.",
        )
        for name in too_wide(names)
    ]


def _public_url(url: str, allowed: list[str]) -> list[Finding]:
    if not url:
        return [
            GROUP.warning(
                "PUBLIC_URL is not set: webhooks cannot be registered, and cookies are not limited to https",
                "Set it to the address where platforms reach us: PUBLIC_URL=https://bridge.example.org",
            )
        ]
    found = [
        GROUP.ok("PUBLIC_URL is https")
        if url.startswith("https://")
        else GROUP.warning(
            "PUBLIC_URL is not https: webhook secrets and what people say travel in the clear",
            "Put TLS in front and set PUBLIC_URL=https://…",
        )
    ]
    host = urlsplit(url).hostname or ""
    if not validate_host(host, allowed):
        found.append(
            GROUP.error(
                f"the host of PUBLIC_URL, {host}, is not in ALLOWED_HOSTS: every webhook is answered 400, "
                "which tells the platform not to send it again",
                f"Add it: ALLOWED_HOSTS={','.join([*(name for name in allowed if name not in LOCAL), host])}",
            )
        )
    return found
