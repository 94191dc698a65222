"""The Yalo platform as a bridge sees it.

Without HTTP: `platform` (its users and what they were told), `sends` (bodies that it takes, Yalo §3.1),
`webhooks` (bodies that it posts, Yalo §2.7 and §2.8).  With it: `integrations_door`, `bots_door` (Botrunner,
Studio NG), `postman` (posts webhooks).
"""
