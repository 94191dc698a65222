"""The bots' door: webhooks of platforms, the API of bots, probes."""
