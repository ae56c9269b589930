"""Python's garbage collector: off while the program is loaded, and spared what stays in memory anyway."""

import gc

_THRESHOLDS = (50_000, 20, 50)
"""Objects made between two collections: each looks at all that a filter has left, and none of that is garbage."""


def pause() -> None:
    """Turn the collector off: nothing of what is loaded for the first frame is garbage."""
    gc.disable()


def resume() -> None:
    """Turn the collector on again, where `pause` has turned it off; what is loaded by now is never looked at again."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()


def skip_what_is_here() -> None:
    """Never look again at what is in memory now: a full collection would walk over all of it."""
    gc.freeze()
