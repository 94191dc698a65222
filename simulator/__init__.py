"""Both outside worlds of the bridge, in one honest small program.

`live_agent` is a Salesforce Live Agent (Chat REST API) server that keeps every rule of the protocol:
what Salesforce refuses, it refuses; `enhanced_chat` is one of Messaging for In-App and Web.  `desk` is where
agents serve the chats of both.  `yalo` is the bot platform: the Integrations API that takes messages for users,
Botrunner and Studio NG that take a bot's next state, and the sender of webhooks.  `control` is the director's
chair: under `/sim` a test plays the agents and the users, throws switches and sets faults.

Nothing here imports the bridge, and the bridge imports nothing from here: one misunderstanding of the
protocol cannot hide in both.  `python -m simulator` runs it.  `§` in the docstrings of `live_agent` points
at the sections of the Live Agent protocol sheet, `EC §` at those of Enhanced Chat's, `Yalo §` at those of the Yalo
sheet.  What the sheets call unconfirmed or disputed is a switch in `protocol_options`.
"""
