"""Where a bot's users write from, and what the old service's addresses and bodies call it (its sheet, section 2)."""

WIRE_WORDS = {"whatsapp": "whatsapp", "messenger": "facebook"}
NAMED = {"whatsapp": "whatsapp", "messenger": "messenger", "facebook": "messenger"}  # what callers may write
