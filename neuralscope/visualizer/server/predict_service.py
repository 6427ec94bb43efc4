"""Where requests are answered by the network: the short ones at once, the others by threads that take turns."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

from neuralscope import __version__
from neuralscope.datasets.array_files import TooLargeError
from neuralscope.errors import InputError
from neuralscope.predictor import Reader
from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.base_handler import Refusal
from neuralscope.visualizer.server.extra_fields import SHOWN

THREADS, MOST_WAITING = 2, 32  # requests that are worked at, and that are or wait for it
MOST_BYTES = 2**26  # of all bodies that are being received or worked at


class Desk:
    """Answers with one network; ``model``: the SavedNetwork that all windows show."""

    def __init__(self, model):
        """Read the weights' checksum while the file is there."""
        self.reader = Reader.of(model)
        self.health = about(model)
        self.threads = ThreadPoolExecutor(THREADS, "predict")
        self.waiting = self.bytes = 0
        self.closed = False

    def reserve(self, count):
        """Take room for so many bytes of a body; raises Refusal."""
        if self.bytes + count > MOST_BYTES:
            raise Refusal(503)
        self.bytes += count

    async def answer(self, body, kind, wanted):
        """Return the answer to a body of a content type as JSON: an object, or a list of these. Raises Refusal."""
        if request_body.is_short(body, kind):
            return self.work(body, kind, wanted)
        if self.waiting == MOST_WAITING:
            raise Refusal(503)
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self.threads, self.work, body, kind, wanted)
        finally:
            self.waiting -= 1

    def work(self, body, kind, wanted):
        """Answer a body; ``extra_fields``: names in EXTRA_FIELDS."""
        try:
            pictures, many = request_body.pictures(body, kind)
        except request_body.UnknownFormatError as error:
            raise Refusal(415, str(error)) from None
        except TooLargeError as error:
            raise Refusal(413, str(error)) from None
        except InputError as error:
            raise Refusal(400, str(error)) from None
        answers = []
        for part in self.reader.read(pictures):
            if self.closed:
                raise Refusal(503)
            answers += [self.told(reading, wanted) for reading in part]
        if not many and "error" in answers[0]:
            raise Refusal(400, answers[0]["error"])
        return json.dumps(answers if many else answers[0], allow_nan=False)

    def close(self):
        """Answer nobody any more, as soon as can be."""
        self.closed = True
        self.threads.shutdown(wait=False, cancel_futures=True)

    def told(self, reading, wanted):
        """Return what was read as an object, and what else was asked for."""
        made = self.reader.as_object(reading)
        return made if reading.error else made | {name: SHOWN[name](self.reader, reading) for name in wanted}


def about(model):
    """Return what is said of a SavedNetwork in the server's health."""
    try:
        digest = hashlib.sha256(model.path.read_bytes()).hexdigest()
    except OSError:  # moved since it was read
        digest = None
    layers = {"sizes": list(model.network.sizes), "activations": [layer.activation for layer in model.network.layers]}
    return {"status": "ok", "version": __version__,
            "model": {"architecture": layers, "dataset": model.metadata.get("dataset"),
                      "accuracy": model.metadata.get("test_accuracy"), "sha256": digest}}
