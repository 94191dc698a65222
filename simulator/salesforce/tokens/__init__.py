"""OAuth (data sheet §1): `keys` and `assertion` know JWTs, `grants` the three flows, `purse` who holds which token,
`door` is the HTTP of it."""
