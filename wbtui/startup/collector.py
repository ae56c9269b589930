"""Python's garbage collector: off during start-up, and without objects that live until the end."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (50_000, 20, 50)
"""High thresholds, since a collection walks over all rows of a list, which are no garbage."""


def pause() -> None:
    """Turn the collector off: nothing that start-up loads is garbage."""
    gc.disable()


@contextmanager
def paused() -> Iterator[None]:
    """Turn the collector off for something short that leaves no garbage."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def resume() -> None:
    """Turn the collector on again after `pause`; objects loaded by now are excluded from collections."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()


def freeze_loaded() -> None:
    """Exclude all objects in memory now from further collections, which would walk over all of them."""
    gc.freeze()
