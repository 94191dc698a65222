"""What the store should be, in lists and dicts: small enough to be believed by reading it.

It knows no Redis, no keys, no due lists, no index: `picture()` derives all of these from the conversations, the way
the store's promises say them.  `real` has the same deeds for the scripts; tests/store/test_machine.py does them to
both and compares answers and pictures.
"""

from tests.store.machine.people import People
from tests.store.machine.pictures import Pictures
from tests.store.machine.starts import Starts
from tests.store.machine.time import Time
from tests.store.machine.workers import Workers
from tests.store.machine.writes import Writes


class Model(Starts, People, Workers, Writes, Time, Pictures):
    """All deeds over one estate."""
