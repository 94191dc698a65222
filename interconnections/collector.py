"""Python's garbage collector in processes that live long: what start-up made is not looked at again.

Thousands of waiting coroutines make the default collector half of the cost.
"""

import gc


def settle() -> None:
    """Call it once, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
