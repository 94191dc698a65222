"""Meta's Messenger Platform itself, after messenger-platform.md: reader.py reads its webhooks, client.py sends."""
