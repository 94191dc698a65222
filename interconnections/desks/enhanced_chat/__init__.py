"""Enhanced Chat (Messaging for In-App and Web), after salesforce-enhanced-chat.md.

reader.py, events.py, entries.py and sse.py translate, client.py talks.
"""
