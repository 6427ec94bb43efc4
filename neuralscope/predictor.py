"""What a network reads in pictures: answers as a line for a person, and as the object that JSON holds."""

import dataclasses
import time
from dataclasses import dataclass

import numpy as np

from neuralscope.datasets.image_files import Picture, as_it_is
from neuralscope.datasets.registry import CLASS_NAMES
from neuralscope.errors import InputError
from neuralscope.formatting import fraction, percent
from neuralscope.images.augmentation import PIXELS
from neuralscope.images.preprocess import STEPS, as_digit, prepare, trace
from neuralscope.images.segmentation import cut_all
from neuralscope.network import storage
from neuralscope.network.model import Network

VERSION = 1  # of the objects; a change of what is in them is a new one
BATCH, PATIENCE = 256, 0.2  # pictures that are answered at once, or those of so many seconds
CUTTING = ("grey", "ink", "ground")  # steps by which the digits of a row are found


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read in one picture, or why nothing was.

    ``picture``: a Picture, its array left out. ``digits`` (count, 784): as they go into the network, one but in a row;
    ``boxes``: (left, top, right, bottom) of each in pixels, none of a picture read as it is; ``steps``: those of
    ``images.STEPS`` that prepared it; ``outputs`` (count, classes): the network's answers, and how it came to them:
    ``inputs`` (count, 784), the digits as its weights want them, and ``hidden``, (count, neurons) of each hidden layer.
    """

    picture: Picture
    digits: np.ndarray
    boxes: tuple = ()
    steps: tuple = ()
    outputs: np.ndarray | None = None
    inputs: np.ndarray | None = None
    hidden: tuple = ()

    @property
    def error(self):
        """What is wrong, a sentence without the file's name, or ""."""
        return self.picture.error

    def refused(self, error):
        """Return the Reading of a picture that cannot be read, for what ``error`` says."""
        return Reading(dataclasses.replace(self.picture, error=str(error)), np.empty((0, PIXELS), np.float32))


@dataclass(frozen=True, eq=False)
class Reader:
    """A network with all that it takes to read pictures.

    ``preparation``: a name in ``images.PREPARATIONS`` or None. ``steps``: of ``images.STEPS``, those to prepare
    pictures by. ``row``: whether a picture's digits are found and read as one number.
    """

    network: Network
    preparation: str | None
    class_names: tuple
    steps: tuple = STEPS
    row: bool = False

    @classmethod
    def load(cls, path=None, **options):
        """Return the Reader with the weights at ``path`` (default: those that are found); raises InputError."""
        return cls.of(storage.load(path or storage.find_weights()), **options)

    @classmethod
    def of(cls, saved, **options):
        """Return the Reader of a SavedNetwork; raises InputError."""
        inputs, classes = saved.network.sizes[0], saved.network.sizes[-1]
        if inputs != PIXELS or classes < 2:
            raise InputError(f"{saved.path}: the network has {inputs} inputs and {classes} classes, and reading "
                             f"pictures takes {PIXELS} and two or more; choose other weights")
        names = CLASS_NAMES.get(saved.metadata.get("dataset"), ())
        names = names if len(names) == classes else tuple(map(str, range(classes)))
        return cls(saved.network, saved.metadata.get("preparation"), names, **options)

    def read(self, pictures):
        """Yield lists of Readings, as many as there are Pictures and in their order.

        A list is given out when it is long enough, or has taken long enough.
        """
        batch, end = [], 0.0
        for picture in pictures:
            end = end if batch else time.monotonic() + PATIENCE
            batch.append(self.prepared(picture))
            if len(batch) == BATCH or time.monotonic() > end:
                yield self.answered(batch)
                batch = []
        if batch:
            yield self.answered(batch)

    def prepared(self, picture):
        """Return the Reading of a Picture without outputs; its array is let go."""
        reading = Reading(dataclasses.replace(picture, array=None), np.empty((0, PIXELS), np.float32))
        if picture.error:
            return reading
        try:
            digits, boxes, steps = self.row_of(picture) if self.row else self.digit_of(picture)
        except InputError as error:
            return reading.refused(error)
        return Reading(reading.picture, digits, boxes, steps)

    def digit_of(self, picture):
        """Return a Picture's one digit (1, 784), its box, and the steps that were applied; raises InputError."""
        digit = as_it_is(picture) if picture.numbers or self.steps == STEPS else None
        if digit is not None:
            return digit, (), ()
        made = trace(picture.array, self.steps)
        return made.digit[np.newaxis], (made.box,), tuple(stage.name for stage in made.stages if stage.applied)

    def row_of(self, picture):
        """Return a Picture's digits (count, 784), their boxes, and the steps that were applied; raises InputError."""
        inks = cut_all(picture.array)
        return np.stack([as_digit(ink, self.steps) for ink in inks.values()]), tuple(inks), self.steps

    def answered(self, batch):
        """Return Readings with the network's outputs."""
        digits = prepare(np.concatenate([reading.digits for reading in batch]), self.preparation)
        with np.errstate(all="ignore"):  # huge weights: told below
            made = self.network.forward(digits)
        ends = np.cumsum([len(reading.digits) for reading in batch])
        parts = [np.split(values, ends[:-1]) for values in (made.images, *made.activations)]
        return [self.checked(reading, *part) for reading, *part in zip(batch, *parts, strict=True)]

    def checked(self, reading, inputs, *activations):
        """Return a Reading with its outputs, or refused where these are no numbers."""
        if not np.isfinite(activations[-1]).all():
            return reading.refused("makes the network's sums overflow; choose other weights")
        return dataclasses.replace(reading, outputs=activations[-1], inputs=inputs, hidden=activations[:-1])

    def as_line(self, reading):
        """Return what was read as a line: the digit and the runner-up, or the number and its digits."""
        said = [[f"{self.class_names[place]} ({self.sureness(outputs[place])})" for place in best_two(outputs)]
                for outputs in reading.outputs]
        if self.row:
            return f"{reading.picture}: {self.number(reading)}; {', '.join(best for best, _ in said)}"
        return f"{reading.picture}: {', then '.join(said[0])}"

    def sureness(self, output):
        """Return an output in words: a probability in per cent, or what it is."""
        return percent(output) if self.network.head.sums_to_one else f"output {fraction(output)}"

    def number(self, reading):
        """Return all digits as one, or the names of what is no digit."""
        names = [self.class_names[outputs.argmax()] for outputs in reading.outputs]
        return ("" if max(map(len, names)) == 1 else " ").join(names)

    def as_object(self, reading):
        """Return what was read as a dict of JSON's types; README lists what is in it."""
        # Bytes of a name that are not UTF-8 are lone surrogates here, which strict readers of JSON refuse.
        made = {"version": VERSION, "file": reading.picture.name.encode("utf-8", "backslashreplace").decode("utf-8")}
        if reading.picture.index is not None:
            made["index"] = reading.picture.index
        if reading.error:
            return made | {"error": reading.error}
        answers = [self.answer(outputs) for outputs in reading.outputs]
        made |= {"number": self.number(reading), "digits": answers} if self.row else answers[0]
        return made | {"boxes": [list(box) for box in reading.boxes], "steps": list(reading.steps)}

    def answer(self, outputs):
        """Return one digit's answer as a dict: what a sigmoid says is an output and no probability."""
        best, second = best_two(outputs)
        one, all_of_them = (("probability", "probabilities") if self.network.head.sums_to_one else
                            ("output", "outputs"))
        return {"digit": best, "name": self.class_names[best], one: float(outputs[best]), "runner_up": second,
                all_of_them: outputs.tolist()}


def best_two(outputs):
    """Return the classes of the largest and the second largest output (classes,)."""
    return (-outputs).argsort(kind="stable")[:2].tolist()
