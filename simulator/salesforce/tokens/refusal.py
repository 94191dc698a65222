"""How the token endpoint says no (data sheet §1.4)."""

from __future__ import annotations


class NoToken(Exception):
    """`error` and `description` are the body of the answer."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


def unknown_app() -> NoToken:
    """No such consumer key."""
    return NoToken("invalid_client_id", "client identifier invalid")


def wrong_login() -> NoToken:
    """Wrong user, password or security token; address not trusted; flow blocked; user locked: all look the same."""
    return NoToken("invalid_grant", "authentication failure")
