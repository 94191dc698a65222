"""A Live Agent server: chats and their rules first, the HTTP doors to them second.

Rules, without HTTP: `sequence` (§3), `event_log` (§5), `events` (§8), `chasitor_init` (§4.2), `chat` (what
one chat is), `polled`, `nouns` (what a visitor may post), `acts` (what an agent may do), `server_handover` (§6),
`sessions` (all chats), `patience` (chats that end by themselves).

Doors: `headers` (§2), `session_door`, `messages_door`, `chasitor_door`, `visitor_door`, `file_door`;
`routes` lists them.
"""
