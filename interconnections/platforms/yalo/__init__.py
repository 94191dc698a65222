"""Yalo Integrations, after yalo-integrations.md: reader.py reads its webhooks, client.py sends to users."""
