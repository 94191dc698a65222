"""An Enhanced Chat server (Messaging for In-App and Web, REST v2 and server-sent events).

`EC §` in the docstrings points at the sections of the Enhanced Chat protocol sheet.

Rules, without HTTP: `options` (what the sheet leaves open), `setup` (deployments, key sets), `tokens` (§3), `rates`
(§7), `event_log` and `end_user` (§5), `entries` and `payloads` (§6), `conversation` (what one is), `attachments`,
`sessions` (how service begins and ends), `said` (what an end user may send), `acts` (what an agent may do), `server`
(everything).

Doors: `bearer` (whose request it is), `token_door`, `conversation_door`, `message_door`, `file_door`, `reading_door`,
`stream_door` and `stream`, `public_door`; `routes` lists them.
"""
