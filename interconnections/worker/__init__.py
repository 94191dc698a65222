"""The workers' door: one asyncio process that owns interconnections, polls them and empties their lanes.

worker.py lives by its lease; conversation_runner.py carries one interconnection: poll.py follows its news, lane.py
empties its lanes, resume_start.py and handover.py see it through starts and changes of server; channel_listeners.py
hears the bells; owned_conversations.py is all that we own, pulse.py keeps the lease while the loop is busy.
"""
