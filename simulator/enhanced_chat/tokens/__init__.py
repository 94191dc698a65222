"""The tokens of Enhanced Chat (EC §3): those that it gives, and the customer's that it verifies."""
