"""Meta's Graph API as a bridge sees it: WhatsApp Cloud API and Messenger Platform.

Without HTTP: `accounts` (what a developer set up at Meta), `people` and `thread` (who writes, and what stands between
a person and a business), `window` and `rates` (when one may write), `files`, `events` (what Meta tells, in its
envelopes).  With it: `door` (one way in for all calls: version, token, object), `courier` (posts webhooks, signed,
until they are answered 200).  `whatsapp` and `messenger` hold what only one of them has.  `WA §` in the docstrings
points at the WhatsApp Cloud API sheet, `FB §` at Messenger's.
"""
