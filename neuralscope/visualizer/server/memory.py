"""What closed windows held goes back to the system, which gets it from the C library only when that is asked."""

import ctypes
import gc
from contextlib import suppress

GIVE_BACK_DELAY_S = 5  # seconds after a window was closed; it takes hundredths of one


def give_back_memory():
    """Free what nobody refers to, and let the C library (glibc) give back its free pages between what is used."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):  # others' do so by themselves, or cannot
        ctypes.CDLL(None).malloc_trim(0)
