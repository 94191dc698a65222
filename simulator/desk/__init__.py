"""The agents' desk, whatever wire a chat came on: what a chat is there, what an agent may do, who works by himself.

`chat` is what every kind of chat shows; `acts` what an agent may do with one; `floor` has all of them;
`auto_agent` is an agent who takes every chat.  `live_agent` and `enhanced_chat` each bring a kind.
"""
