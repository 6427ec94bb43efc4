"""Where requests are answered by the network: the short ones at once, the others by threads that take turns."""

import asyncio
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

from neuralscope import __version__
from neuralscope.datasets.array_files import TooLargeError
from neuralscope.errors import InputError
from neuralscope.predictor import Predictor
from neuralscope.visualizer.server import request_body
from neuralscope.visualizer.server.base_handler import Refusal
from neuralscope.visualizer.server.extra_fields import EXTRA_FIELDS

THREAD_COUNT, MAX_PENDING_REQUESTS = 2, 32  # requests that are worked at, and that are or wait for it
MAX_RESERVED_BYTES = 2**26  # of all bodies that are being received or worked at


class PredictService:
    """Answers with one network; ``model``: the SavedNetwork that all windows show."""

    def __init__(self, model):
        """Read the weights' checksum while the file is there."""
        self.predictor = Predictor.from_saved(model)
        self.health = model_health(model)
        self.threads = ThreadPoolExecutor(THREAD_COUNT, "predict")
        self.pending_requests = self.reserved_bytes = 0
        self.closed = False

    def reserve(self, count):
        """Take room for so many bytes of a body; raises Refusal."""
        if self.reserved_bytes + count > MAX_RESERVED_BYTES:
            raise Refusal(503)
        self.reserved_bytes += count

    async def answer(self, body, content_type, extra_fields):
        """Return the answer to a body of a content type as JSON: an object, or a list of these. Raises Refusal."""
        if request_body.is_short(body, content_type):
            return self.answer_body(body, content_type, extra_fields)
        if self.pending_requests == MAX_PENDING_REQUESTS:
            raise Refusal(503)
        self.pending_requests += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self.threads, self.answer_body, body, content_type, extra_fields
            )
        finally:
            self.pending_requests -= 1

    def answer_body(self, body, content_type, extra_fields):
        """Answer a body; ``extra_fields``: names in EXTRA_FIELDS."""
        try:
            pictures, many = request_body.read_pictures(body, content_type)
        except request_body.UnknownFormatError as error:
            raise Refusal(415, str(error)) from None
        except TooLargeError as error:
            raise Refusal(413, str(error)) from None
        except InputError as error:
            raise Refusal(400, str(error)) from None
        answers = []
        for part in self.predictor.read(pictures):
            if self.closed:
                raise Refusal(503)
            answers += [self.to_object(prediction, extra_fields) for prediction in part]
        if not many and "error" in answers[0]:
            raise Refusal(400, answers[0]["error"])
        return json.dumps(answers if many else answers[0], allow_nan=False)

    def close(self):
        """Answer nobody any more, as soon as can be."""
        self.closed = True
        self.threads.shutdown(wait=False, cancel_futures=True)

    def to_object(self, prediction, extra_fields):
        """Return what was read as an object, and what else was asked for."""
        result = self.predictor.as_object(prediction)
        return (
            result
            if prediction.error
            else result | {name: EXTRA_FIELDS[name](self.predictor, prediction) for name in extra_fields}
        )


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
