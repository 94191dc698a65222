"""The id under which something goes to the users' side: the same whenever it is sent again."""

import hashlib

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
PAIRS = [low + high for high in DIGITS for low in DIGITS]  # the digits of each number below 1,296, the lower first
TWELVE = 36**12  # as many as fit into a machine's word


def message_id(session_id: str, number: str) -> str:
    """36 lower-case characters and digits."""
    digest = int.from_bytes(hashlib.sha256(f"{session_id}/{number}".encode()).digest())
    found = []
    for _ in range(3):
        digest, twelve = divmod(digest, TWELVE)
        for _ in range(6):
            twelve, pair = divmod(twelve, 1296)
            found.append(PAIRS[pair])
    return "".join(found)
