"""What a network reads in pictures: answers as a line for a person, and as the object that JSON holds."""

import dataclasses
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from neuralscope.datasets.class_names import are_places, network_class_names
from neuralscope.datasets.image_files import LoadedImage, as_prepared_digit
from neuralscope.errors import InputError, sentence
from neuralscope.formatting import bounded_fraction, counted, percent
from neuralscope.images import STEPS, prepare, preprocess
from neuralscope.images.augmentation import IMAGE_PIXELS
from neuralscope.images.digit_count import FoundDigits, find_row, find_unannounced_row
from neuralscope.images.segmentation import cut_digits
from neuralscope.network import nonfinite, storage
from neuralscope.network.model import Network
from neuralscope.network.storage import SavedNetwork
from neuralscope.short_repr import short_repr

JSON_VERSION = 1  # of the objects; a change of what is in them is a new one
BATCH_IMAGES, BATCH_WAIT_S = 256, 0.2  # pictures that are answered at once, or those of so many seconds
SEGMENTATION_STEPS = ("grey", "ink", "ground")  # steps by which the digits of a row are found


@dataclass(frozen=True, eq=False)
class Prediction:
    """What was read in one picture, or why nothing was.

    ``image``: a LoadedImage, its array left out. ``digits`` (count, 784): as they go into the network, one but in a
    row; ``boxes``: (left, top, right, bottom) of each in pixels, none of a picture read as it is; ``steps``: those of
    ``images.STEPS`` that prepared it; ``outputs`` (count, classes): the network's answers, and how it came to them:
    ``inputs`` (count, 784), the digits as its weights want them, and ``hidden``, (count, neurons) of each hidden
    layer. ``found``: the FoundDigits in a row, or in a picture that was read as one digit and looks like more.
    """

    image: LoadedImage
    digits: np.ndarray
    boxes: tuple = ()
    steps: tuple = ()
    outputs: np.ndarray | None = None
    inputs: np.ndarray | None = None
    hidden: tuple = ()
    found: FoundDigits | None = None
    __repr__ = short_repr

    @property
    def error(self) -> str:
        """What is wrong, a sentence without the file's name, or ""."""
        return self.image.error

    def with_error(self, error: Exception | str) -> "Prediction":
        """Return the Prediction of a picture that cannot be read, for what ``error`` says."""
        return Prediction(dataclasses.replace(self.image, error=str(error)), np.empty((0, IMAGE_PIXELS), np.float32))


@dataclass(frozen=True, eq=False)
class Predictor:
    """A network with all that it takes to read pictures.

    ``preparation``: a name in ``images.PREPARATIONS`` or None. ``steps``: of ``images.STEPS``, those to prepare
    pictures by. ``row``: whether a picture's digits are found and read as one number.
    """

    network: Network
    preparation: str | None
    class_names: tuple[str, ...]
    steps: tuple[str, ...] = STEPS
    row: bool = False
    __repr__ = short_repr

    @classmethod
    def load(cls, path: str | os.PathLike | None = None, **options: Any) -> "Predictor":
        """Return the Predictor with the weights at ``path`` (default: those that are found); raises InputError."""
        return cls.from_saved(storage.load(path or storage.find_weights()), **options)

    @classmethod
    def from_saved(cls, saved: SavedNetwork, **options: Any) -> "Predictor":
        """Return the Predictor of a SavedNetwork; raises InputError."""
        inputs, classes = saved.network.sizes[0], saved.network.sizes[-1]
        if inputs != IMAGE_PIXELS or classes < 2:
            raise InputError(f"{saved.path}: the network has {counted(inputs, 'input')} and "
                             f"{counted(classes, 'class', 'classes')}, and reading "
                             f"pictures takes {IMAGE_PIXELS} and two or more", "choose other weights")
        names = network_class_names(saved.metadata, classes)
        return cls(saved.network, saved.metadata.get("preparation"), names, **options)

    def read(self, pictures: Iterable[LoadedImage]) -> Iterator[list[Prediction]]:
        """Yield lists of Predictions, as many as there are LoadedImages and in their order.

        A list is given out when it is long enough, or has taken long enough.
        """
        batch: list[Prediction] = []
        end = 0.0
        for picture in pictures:
            end = end if batch else time.monotonic() + BATCH_WAIT_S
            batch.append(self.preprocessed(picture))
            if len(batch) == BATCH_IMAGES or time.monotonic() > end:
                yield self.with_outputs(batch)
                batch = []
        if batch:
            yield self.with_outputs(batch)

    def preprocessed(self, picture: LoadedImage) -> Prediction:
        """Return the Prediction of a LoadedImage without outputs; its array is let go."""
        prediction = Prediction(dataclasses.replace(picture, array=None), np.empty((0, IMAGE_PIXELS), np.float32))
        if picture.error:
            return prediction
        try:
            digits, boxes, steps, found = self.row_digits(picture) if self.row else self.single_digit(picture)
        except InputError as error:
            return prediction.with_error(error)
        return Prediction(prediction.image, digits, boxes, steps, found=found)

    def single_digit(self, picture: LoadedImage) -> tuple[np.ndarray, tuple, tuple, FoundDigits | None]:
        """Return a LoadedImage's one digit (1, 784), its box, the steps that were applied, and what else it may be.

        Raises InputError.
        """
        prepared = as_prepared_digit(picture, self.steps)
        if prepared is not None:
            return prepared[0], (), prepared[1], None
        made = preprocess(picture.array, self.steps)
        found = None
        if set(SEGMENTATION_STEPS) <= set(self.steps):
            found = find_unannounced_row(made.ink, made.shrunk, self.classify, self.steps, made.digit)
        applied = tuple(stage.name for stage in made.stages if stage.applied)
        return made.digit[np.newaxis], (made.box,), applied, found

    def row_digits(self, picture: LoadedImage) -> tuple[np.ndarray, tuple, tuple[str, ...], FoundDigits]:
        """Return a LoadedImage's digits (count, 784), their boxes, and the steps applied. Raises InputError."""
        found = find_row(cut_digits(picture.array), self.classify, self.steps)
        return found.digits, found.boxes, self.steps, found

    def classify(self, digits: np.ndarray) -> np.ndarray:
        """Return the network's outputs (count, classes) for digits (count, 784)."""
        with np.errstate(all="ignore"):  # as in `with_outputs`
            return self.network.forward(prepare(digits, self.preparation)).outputs

    def looks_like(self, prediction: Prediction) -> dict | None:
        """Return what a picture read as one digit may be instead: how many digits, and which number, or None."""
        if self.row or prediction.found is None or len(prediction.found.boxes) == 1:
            return None
        outputs = self.classify(prediction.found.digits)
        return {"digits": len(outputs), "number": self.joined_names(outputs)}

    def with_outputs(self, batch: list[Prediction]) -> list[Prediction]:
        """Return Predictions with the network's outputs."""
        digits = prepare(np.concatenate([prediction.digits for prediction in batch]), self.preparation)
        with np.errstate(all="ignore"):  # huge weights: told below
            made = self.network.forward(digits)
        ends = np.cumsum([len(prediction.digits) for prediction in batch])
        parts = [np.split(values, ends[:-1]) for values in (made.images, *made.activations)]
        return [self.with_checked_outputs(prediction, *part) for prediction, *part in zip(batch, *parts, strict=True)]

    def with_checked_outputs(self, prediction: Prediction, inputs: np.ndarray, *activations: np.ndarray) -> Prediction:
        """Return a Prediction with its outputs, or refused where these are no numbers."""
        if not np.isfinite(activations[-1]).all():
            return prediction.with_error(f"{self.no_answer_text()}; choose other weights")
        return dataclasses.replace(prediction, outputs=activations[-1], inputs=inputs, hidden=activations[:-1])

    def no_answer_text(self) -> str:
        """Return in words why outputs are no numbers."""
        damaged = nonfinite.text(nonfinite.locate(self.network))
        return f"is not answered: {damaged}" if damaged else "makes the network's sums overflow"

    def as_line(self, prediction: Prediction) -> str:
        """Return what was read as a line: the digit and the runner-up, or the number and its digits."""
        ranked_texts = [[f"{self.class_names[index]} ({self.confidence_text(outputs[index])})"
                         for index in top_two(outputs)] for outputs in prediction.outputs]
        if self.row:
            best_texts = ", ".join(best for best, _ in ranked_texts)
            line = f"{prediction.image}: {self.combined_name(prediction)}; {best_texts}"
        else:
            line = f"{prediction.image}: {', then '.join(ranked_texts[0])}"
        return sentence(line, self.doubt_text(prediction))

    def doubt_text(self, prediction: Prediction) -> str:
        """Return in words that there are more digits than were read, or that some may touch; else ""."""
        if looks_like := self.looks_like(prediction):
            return f"looks like {looks_like['digits']} digits: --row reads {looks_like['number']}"
        if prediction.found is not None and prediction.found.too_wide:
            return "too wide for one digit: some may touch"
        return ""

    def is_right(self, prediction: Prediction) -> bool | None:
        """Return whether what was read is what the picture's file says; None where it says nothing, or no class.

        A label that is a number is a class's place where the classes have words for names.
        """
        label = prediction.image.label
        if prediction.error or label is None:
            return None
        if are_places((label,), len(self.class_names)) and not are_places(self.class_names, len(self.class_names)):
            label = self.class_names[int(label)]
        if label not in self.class_names:
            return None  # the network has no such class: it can be neither right nor wrong
        return self.combined_name(prediction) == label

    def confidence_text(self, output: float) -> str:
        """Return an output in words: a probability in per cent, or what it is."""
        return percent(output) if self.network.head.sums_to_one else f"output {bounded_fraction(output)}"

    def combined_name(self, prediction: Prediction) -> str:
        """Return all digits as one, or the names of what is no digit."""
        return self.joined_names(prediction.outputs)

    def joined_names(self, outputs: np.ndarray) -> str:
        """Return the names of what is read in outputs (count, classes) as one, or parted where one is no digit."""
        names = [self.class_names[index] for index in outputs.argmax(axis=1)]
        return ("" if max(map(len, names)) == 1 else " ").join(names)

    def as_object(self, prediction: Prediction) -> dict:
        """Return what was read as a dict of JSON's types; README lists what is in it."""
        # Bytes of a name that are not UTF-8 are lone surrogates here, which strict readers of JSON refuse.
        made = {"version": JSON_VERSION,
                "file": prediction.image.name.encode("utf-8", "backslashreplace").decode("utf-8")}
        if prediction.image.index is not None:
            made["index"] = prediction.image.index
        if prediction.image.label is not None:
            made["label"] = prediction.image.label
        if prediction.error:
            return made | {"error": prediction.error}
        answers = [self.digit_object(outputs) for outputs in prediction.outputs]
        made |= {"number": self.combined_name(prediction), "digits": answers} if self.row else answers[0]
        made |= {"boxes": [list(box) for box in prediction.boxes], "steps": list(prediction.steps)}
        if looks_like := self.looks_like(prediction):
            made["looks_like"] = looks_like
        if prediction.found is not None and prediction.found.too_wide:
            made["too_wide"] = [list(box) for box in prediction.found.too_wide]
        return made

    def digit_object(self, outputs: np.ndarray) -> dict:
        """Return one digit's answer as a dict: what a sigmoid says is an output and no probability."""
        best, second = top_two(outputs)
        singular_key, plural_key = (
            ("probability", "probabilities") if self.network.head.sums_to_one else ("output", "outputs"))
        return {"digit": best, "name": self.class_names[best], singular_key: float(outputs[best]), "runner_up": second,
                plural_key: outputs.tolist()}


def top_two(outputs: np.ndarray) -> list[int]:
    """Return the classes of the largest and the second largest output (classes,)."""
    return (-outputs).argsort(kind="stable")[:2].tolist()
