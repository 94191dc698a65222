"""WhatsApp Cloud API: `sends` (bodies that it takes), `inbound` (messages that it tells), `statuses`,
and its doors."""
