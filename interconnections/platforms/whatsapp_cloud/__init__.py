"""WhatsApp Business Cloud API: Meta itself, without a provider between (whatsapp-cloud-api.md)."""
