"""The process of its own in which pictures are read for a server: what is done there.

It is bounded in memory where the system can, may give way to the server, and ends with it, whatever it is at.
"""

import multiprocessing
import os
import signal
import threading
from contextlib import suppress

from neuralscope.cli import limit_threads
from neuralscope.visualizer.server.answers import answer_body

MAX_WORKING_BYTES = 2**31  # beside what the process begins with; pictures of the most pixels take a third
TOO_MUCH_TEXT = ("reading it takes more than the time or memory that there is for one request; "
                 "send a smaller picture, or fewer at a time")
NICENESS = 5  # of what reads photographs: behind the server, of a quarter of its share where both are busy


def run_worker(pipe, niceness=0):
    """Answer what comes over a pipe, a content type with ``extra_fields`` and then the body, by `answer_body`.

    The Predictor comes first, and None is sent once all can begin.
    """
    load_libraries()
    bound_process(niceness)
    with suppress(EOFError, OSError):
        predictor = pipe.recv()
        pipe.send(None)
        while True:
            content_type, extra_fields = pipe.recv()
            body = pipe.recv_bytes()
            try:
                answer = answer_body(predictor, body, content_type, extra_fields)
            except MemoryError:
                answer = 413, TOO_MUCH_TEXT
            pipe.send(answer)


def load_libraries():
    """Import what reading imports where it needs it: within the bound there may be no room left for a library."""
    import scipy.ndimage
    import scipy.sparse.csgraph  # noqa: F401
    from PIL import Image, ImageOps  # noqa: F401

    Image.preinit()  # the formats that are read


def bound_process(niceness):
    """Ignore Ctrl-C, which the server hears too, and let all bounds hold from here on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    limit_threads(1)
    if hasattr(os, "nice"):  # not on Windows
        os.nice(niceness)
    with suppress(ImportError, OSError, ValueError):  # only Linux tells what is used, and heeds the limit
        import resource

        with open("/proc/self/statm") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        _, hard_limit = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + MAX_WORKING_BYTES, hard_limit))


def end_with_parent():
    """End this process as soon as the server's has ended, also where it was killed: Pillow decodes without the GIL."""
    multiprocessing.parent_process().join()
    os._exit(1)
