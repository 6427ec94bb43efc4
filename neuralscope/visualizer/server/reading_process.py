"""A process that reads pictures, seen from the server: whatever a picture does to it, the server goes on.

All is done there, decoding, preparing and the network's work: one bound holds for it, and a kilobyte comes back.
"""

import multiprocessing
from contextlib import suppress

from neuralscope.visualizer.live.process_client import interrupts_held, main_left_out
from neuralscope.visualizer.server.base_handler import STATUS_MESSAGES
from neuralscope.visualizer.server.reading_worker import TOO_MUCH_TEXT, run_worker

START_TIMEOUT_S, READ_TIMEOUT_S, END_TIMEOUT_S = 60, 5, 1  # seconds until it can begin, for one request, to end in
FAILED_EXITCODE = 1  # of a process of Python's in which something was raised, which it has printed


class ReadingProcess:
    """Answers with ``predictor``; the process begins with the first request, and anew after one that it ended at.

    ``niceness``: how far it gives way to others.
    """

    def __init__(self, predictor, niceness=0):
        """Begin with no process."""
        self.predictor, self.niceness, self.closed = predictor, niceness, False
        self.process = self.pipe = None

    def answer(self, body, content_type, extra_fields):
        """Return what `answer_body` does, or that it is too much, on a thread that may wait."""
        if not self.start():
            return 503, STATUS_MESSAGES[503]
        try:
            self.pipe.send((content_type, extra_fields))
            self.pipe.send_bytes(body)
            if self.pipe.poll(READ_TIMEOUT_S):
                return self.pipe.recv()
        except (EOFError, OSError):  # it has ended
            self.process.join(END_TIMEOUT_S)
        failed = self.process.exitcode == FAILED_EXITCODE
        self.end()
        if failed or self.closed:
            return (500, STATUS_MESSAGES[500]) if failed else (503, STATUS_MESSAGES[503])
        return 413, TOO_MUCH_TEXT

    def start(self):
        """Start the process where there is none; return whether it can answer, on a thread that may wait."""
        if self.process:
            return True
        context = multiprocessing.get_context("spawn")  # a fork would copy the other threads' locks
        self.pipe, theirs = context.Pipe()
        process = context.Process(target=run_worker, args=(theirs, self.niceness), name="read", daemon=True)
        with suppress(OSError):  # there may be no room for one more
            with interrupts_held(), main_left_out():
                process.start()
            self.process = process
        theirs.close()
        with suppress(EOFError, OSError):  # it has ended
            if self.process and not self.closed:
                self.pipe.send(self.predictor)  # no argument: whoever closes could not end what waits for these
                if self.pipe.poll(START_TIMEOUT_S):
                    self.pipe.recv()
                    return True
        self.end()
        return False

    def end(self):
        """End the process, whatever it is at."""
        process, self.process = self.process, None
        self.pipe.close()
        if process:
            process.kill()
            process.join()

    def close(self):
        """Let it end and none begin any more, from another thread, which does not wait for that."""
        self.closed = True
        if process := self.process:
            process.kill()
