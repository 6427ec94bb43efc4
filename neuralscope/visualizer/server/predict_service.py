"""Where requests are answered by the network: the short ones at once, the others by processes that take turns."""

import asyncio
import hashlib
import queue
import time
from concurrent.futures import ThreadPoolExecutor

from neuralscope import __version__
from neuralscope.errors import InputError
from neuralscope.predictor import Predictor
from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.answers import STATUS_DONE, answer_body
from neuralscope.visualizer.server.base_handler import STATUS_MESSAGES, Refusal
from neuralscope.visualizer.server.reading_process import ReadingProcess
from neuralscope.visualizer.server.reading_worker import NICENESS

# processes for what a pad sends, and for photographs and all else; requests that a lane works at, and that wait for it
PAD_PROCESSES, PHOTOGRAPH_PROCESSES, MAX_PENDING_REQUESTS = 1, 2, 32
MAX_WAIT_S = 10  # seconds for which a request waits for its turn
MAX_RESERVED_BYTES = 2**26  # of all bodies that are being received or worked at


class PredictService:
    """Answers with one network; ``model``: the SavedNetwork that all windows show.

    One that reads no pictures of 28 x 28 is shown all the same, and everything here is refused in words.
    """

    def __init__(self, model):
        """Read the weights' checksum while the file is there."""
        self._predictor, self._failure = None, ""
        try:
            self._predictor = Predictor.from_saved(model)
        except InputError as error:
            self._failure = error.problem
        self.health = model_health(model)
        self.pad_lane = ReadingLane(self._predictor, PAD_PROCESSES)
        self.photograph_lane = ReadingLane(self._predictor, PHOTOGRAPH_PROCESSES, NICENESS)
        self.reserved_bytes = 0

    @property
    def predictor(self):
        """The Predictor; raises Refusal where the network reads no pictures."""
        if self._predictor is None:
            raise Refusal(404, self._failure)
        return self._predictor

    def reserve(self, count):
        """Take room for so many bytes of a body; raises Refusal."""
        if self.reserved_bytes + count > MAX_RESERVED_BYTES:
            raise Refusal(503)
        self.reserved_bytes += count

    async def answer(self, body, content_type, extra_fields):
        """Return the answer to a body of a content type as JSON: an object, or a list of these. Raises Refusal."""
        status, text = await self.answer_in_turn(body, content_type, extra_fields)
        if status != STATUS_DONE:
            raise Refusal(status, text)
        return text

    async def answer_in_turn(self, *request):
        """Return the status and the text of an answer, from where there is time for it."""
        predictor, (body, content_type, _) = self.predictor, request
        if request_body.is_short(body, content_type):
            return answer_body(predictor, *request)
        is_pads = request_body.is_small_png(body, request_body.PAD_SIDE_PIXELS)
        return await (self.pad_lane if is_pads else self.photograph_lane).answer(*request)

    def close(self):
        """Answer nobody any more, as soon as can be."""
        self.pad_lane.close()
        self.photograph_lane.close()


class ReadingLane:
    """Requests that wait for each other and for no others; ``count``: the processes that read them, of a niceness."""

    def __init__(self, predictor, count, niceness=0):
        """Begin with none; the processes begin when they are needed."""
        self.processes = [ReadingProcess(predictor, niceness) for _ in range(count)]
        self.threads = ThreadPoolExecutor(count, "read")
        self.free_processes = queue.LifoQueue()  # one that has begun comes before one that has not
        for process in self.processes:
            self.free_processes.put(process)
        self.pending_requests = 0

    async def answer(self, *request):
        """Return what `answer_body` does, in turn; raises Refusal where too many wait."""
        if self.pending_requests == MAX_PENDING_REQUESTS:
            raise Refusal(503)
        self.pending_requests += 1
        try:
            loop, latest = asyncio.get_running_loop(), time.monotonic() + MAX_WAIT_S
            return await loop.run_in_executor(self.threads, self._answer, latest, request)
        finally:
            self.pending_requests -= 1

    def begin(self):
        """Let a process begin before a request needs it."""
        self.threads.submit(self._with_process, ReadingProcess.start)

    def _answer(self, latest, request):
        if time.monotonic() > latest:
            return 503, STATUS_MESSAGES[503]
        return self._with_process(ReadingProcess.answer, *request)

    def _with_process(self, work, *arguments):
        process = self.free_processes.get()
        try:
            return work(process, *arguments)
        finally:
            self.free_processes.put(process)

    def close(self):
        """End the processes, whatever they are at."""
        for process in self.processes:
            process.close()
        self.threads.shutdown(wait=False, cancel_futures=True)


def model_health(model):
    """Return what is said of a SavedNetwork in the server's health."""
    try:
        digest = hashlib.sha256(model.path.read_bytes()).hexdigest()
    except OSError:  # moved since it was read
        digest = None
    layers = {"sizes": list(model.network.sizes), "activations": [layer.activation for layer in model.network.layers]}
    return {"status": "ok", "version": __version__,
            "model": {"architecture": layers, "dataset": model.metadata.get("dataset"),
                      "accuracy": model.metadata.get("test_accuracy"), "sha256": digest}}
