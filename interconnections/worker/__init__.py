"""The workers' door: one asyncio process that owns interconnections, polls them and empties their lanes.

worker.py lives by its lease; charge.py is one interconnection in our hands: poll.py follows its news,
lane.py empties its lanes, opening.py and handover.py see it through starts and changes of server; tower.py
hears the bells; holdings.py is all that we own, pulse.py keeps the lease while the loop is busy.
"""
