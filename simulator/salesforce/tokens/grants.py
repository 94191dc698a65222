"""The three flows (data sheet §1.2): who is it, and may he use this app?"""

from __future__ import annotations

import secrets
import time
from collections import Counter, deque
from collections.abc import Mapping

from ...protocol_options import Rules
from ..setup import App, Person, Setup
from . import assertion
from .refusal import NoToken, unknown_app, wrong_login

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
FLOWS = {"password": "password", "client_credentials": "client_credentials", JWT_BEARER: "jwt_bearer"}
HOUR = 3600.0


class Gate:
    """Checks logins, and remembers what it must of earlier ones."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.wrong: Counter[str] = Counter()  # wrong passwords since the last right one, by username
        self._logins: dict[str, deque[float]] = {}

    def clear(self) -> None:
        """Unlock everybody."""
        self.wrong.clear()
        self._logins.clear()

    def enter(self, setup: Setup, form: Mapping[str, str], client: tuple[str, str] | None) -> Person:
        """Whose token is to be given out; NoToken otherwise.  `client`: key and secret of a Basic header."""
        if not self.rules.org_active:
            raise NoToken("inactive_org", "organization is inactive")
        grant = form.get("grant_type", "")
        if grant == "password":
            person = self._password(setup, form)
        elif grant == "client_credentials":
            person = self._client_credentials(setup, form, client)
        elif grant == JWT_BEARER:
            person = self._jwt_bearer(setup, form)
        else:
            raise NoToken("unsupported_grant_type", "grant type not supported")
        if not person.active:
            raise NoToken("inactive_user", "user is inactive")
        self._count(person.username)
        return person

    def _password(self, setup: Setup, form: Mapping[str, str]) -> Person:
        app = _app(setup, form.get("client_id", ""), form.get("client_secret", ""))
        person = setup.user(form.get("username", ""))
        if person is None or not self.rules.password_flow or self.wrong[person.username] >= self.rules.lock_after:
            raise wrong_login()
        rights = [person.password + person.security_token]
        if self.rules.address_trusted:
            rights.append(person.password)
        if not any(secrets.compare_digest(form.get("password", "").encode(), one.encode()) for one in rights):
            self.wrong[person.username] += 1
            raise wrong_login()
        self.wrong[person.username] = 0
        if app.approval == "admin" and person.username not in app.approved:
            raise _not_approved()
        return person

    def _client_credentials(self, setup: Setup, form: Mapping[str, str], client: tuple[str, str] | None) -> Person:
        if self.rules.login_host == "login":
            raise NoToken("invalid_grant", "request not supported on this domain")
        app = _app(setup, *(client or (form.get("client_id", ""), form.get("client_secret", ""))))
        person = setup.user(app.run_as) if app.run_as else None
        if person is None:
            raise NoToken("invalid_grant", "no client credentials user enabled")
        if app.approval == "admin" and person.username not in app.approved:
            raise _not_approved()
        return person

    def _jwt_bearer(self, setup: Setup, form: Mapping[str, str]) -> Person:
        now = time.time() + self.rules.clock_ahead
        claims = assertion.read(form.get("assertion", ""), setup, self.rules.jwt_audiences, now)
        app, person = setup.app(claims.consumer_key), setup.user(claims.username)
        if app is None:
            raise unknown_app()
        if person is None or person.username not in app.approved:
            if app.approval == "admin" and person is not None:
                raise _not_approved()
            raise NoToken("invalid_grant", "user hasn't approved this consumer")
        return person

    def _count(self, username: str) -> None:
        logins, now = self._logins.setdefault(username, deque()), time.monotonic()
        while logins and now - logins[0] > HOUR:
            logins.popleft()
        if len(logins) >= self.rules.logins_per_hour:
            raise NoToken("login_rate_exceeded", "login rate exceeded")
        logins.append(now)


def _app(setup: Setup, key: str, secret: str) -> App:
    app = setup.app(key)
    if app is None:
        raise unknown_app()
    if not secrets.compare_digest(app.secret.encode(), secret.encode()):
        raise NoToken("invalid_client", "invalid client credentials")
    return app


def _not_approved() -> NoToken:
    return NoToken("invalid_app_access", "user is not admin approved to access this app")
