"""The workers' door: one asyncio process that owns interconnections, polls them and empties their lanes.

worker.py lives by its lease; conversation_runner.py carries one interconnection: follower.py listens to its desk and
stores what came, lane.py empties its lanes, keeper.py is what its desk is lent, limits.py ends what stands still;
channel_listeners.py hears the bells; owned_conversations.py is all that we own, pulse.py keeps the lease while the
loop is busy.
"""
