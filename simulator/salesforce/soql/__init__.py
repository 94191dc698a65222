"""Queries (data sheet §3): `words` and `parse` read them into a `shape`, `conditions` and `select` answer them."""
