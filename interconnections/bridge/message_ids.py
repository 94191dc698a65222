"""The id under which something goes to the users' side: the same whenever it is sent again."""

import hashlib

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def message_id(session_id: str, number: str) -> str:
    """36 lower-case characters and digits."""
    digest = int.from_bytes(hashlib.sha256(f"{session_id}/{number}".encode()).digest())
    letters = []
    for _ in range(36):
        digest, digit = divmod(digest, 36)
        letters.append(DIGITS[digit])
    return "".join(letters)
