"""How a chat's server says no: a status and a sentence.  Each wire adds its own ways."""

from __future__ import annotations


class Refused(Exception):
    """The request is not done; `status` and `text` are the answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
