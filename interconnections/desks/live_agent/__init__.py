"""Live Agent (the Chat REST API), after salesforce-live-agent.md: reader.py translates, client.py talks."""
