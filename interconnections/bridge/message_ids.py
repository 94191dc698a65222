"""The id under which something goes to the users' side: the same whenever it is sent again."""

import hashlib


def message_id(session_id: str, number: str) -> str:
    """36 lower-case characters and digits."""
    digest = int.from_bytes(hashlib.sha256(f"{session_id}/{number}".encode()).digest())
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(letters[digest // 36**place % 36] for place in range(36))
