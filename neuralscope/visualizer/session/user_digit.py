"""The person's own digit: what was drawn, or the picture that was opened, and how it becomes what the network reads."""

from dataclasses import dataclass

import numpy as np

from neuralscope import images
from neuralscope.errors import InputError
from neuralscope.images.augmentation import IMAGE_SIDE
from neuralscope.images.digit_count import find_unannounced_row
from neuralscope.visualizer.session.strokes import Strokes

STROKE_WIDTH_RANGE = 0.02, 0.16  # of the pad's side: the thinnest and the thickest stroke
# at first; MNIST's strokes in a digit two thirds of the pad high (2.5 of 20 pixels)
DEFAULT_STROKE_WIDTH, DEFAULT_SMOOTHING = 0.08, 0.25


@dataclass(frozen=True, eq=False)
class OpenedPicture:
    """A picture that was opened: its ``array``, for `images.preprocess`, its ``name``, and its ``grey`` values."""

    array: np.ndarray
    name: str
    grey: np.ndarray


class UserDigit:
    """A pad to draw on, or a picture opened on it; the steps that make it a digit can be switched off.

    ``network_preparation`` names what the weights want done to a digit, or is None (see `images.prepare`).
    """

    def __init__(self, network_preparation=None):
        """Begin with an empty pad, all steps on."""
        self.strokes, self.opened, self.network_preparation = Strokes(), None, network_preparation
        self.width, self.smoothing, self.erasing = DEFAULT_STROKE_WIDTH, DEFAULT_SMOOTHING, False
        self.erases = False  # the stroke that is going on
        self.steps = images.STEPS
        self._put_away_picture = None  # the picture that was opened before, and its steps
        self._part = None  # (box, picture) of one digit of a row, where that is shown by itself
        # by the part's box or None, and the steps: the Preprocessed, or an InputError that says why there is none
        self._preprocessed = {}
        self.version = 0  # another number whenever the digit looks different

    @property
    def name(self):
        """What the digit is called."""
        return self.opened.name if self.opened else "your drawing"

    @property
    def picture(self):
        """What is on the pad, or the one digit of it that is shown by itself, as an array."""
        if self._part:
            return self._part[1]
        return self.opened.array if self.opened else self.strokes.picture

    @property
    def grey_picture(self):
        """What is on the pad in grey values ``(height, width)``."""
        return self.opened.grey if self.opened else self.strokes.picture

    @property
    def empty(self):
        """Whether there is nothing on the pad."""
        return not self.opened and self.strokes.empty

    # Ink

    def open(self, picture, name, steps=images.STEPS):
        """Put a picture (an array for `images.preprocess`) on the pad; InputError where there is no ink on it."""
        grey = images.preprocess(picture, steps).stages[0].picture
        self.strokes, self.opened, self.steps = Strokes(), OpenedPicture(picture, name, grey), steps
        self._put_away_picture = None
        self._changed()

    def begin(self, x, y, erases):
        """Begin a stroke; an opened picture makes room for it. Where there is no ink, nothing is erased."""
        self.end()
        self.erases = erases != self.erasing
        if not self.erases or not self.strokes.empty:
            self._put_away()
            self.strokes.smoothing = self.smoothing
            self.strokes.begin(x, y, self.width, self.erases)
            self._changed()

    def move(self, x, y):
        """Draw on."""
        if self.strokes.drawing:
            self.strokes.move(x, y)
            self._changed()

    def end(self):
        """End the stroke."""
        if self.strokes.drawing:
            self.strokes.end()
            self._changed()

    def undo(self):
        """Take the last stroke back; say whether there was one. Under the first one is the picture that was opened."""
        if self.opened or not self.strokes.undo():
            if self.opened or not self._put_away_picture:
                return False
            (self.opened, self.steps), self._put_away_picture = self._put_away_picture, None
        self._changed()
        return True

    def redo(self):
        """Draw again what was taken back; say whether there was anything."""
        if not self.strokes.redo():
            return False
        self._put_away()
        self._changed()
        return True

    def clear(self):
        """Wipe the pad; say whether there was anything on it."""
        if self.empty:
            return False
        if self.opened:
            self._put_away()
        else:
            self.strokes.clear()
        self._changed()
        return True

    def _changed(self):
        self._part = None
        self._preprocessed.clear()
        self.version += 1

    def _put_away(self):
        """Take an opened picture off the pad, and keep it for undo. A drawing takes all steps."""
        if self.opened:
            self._put_away_picture, self.opened, self.steps = (self.opened, self.steps), None, images.STEPS

    # What becomes of it

    def toggle_step(self, step):
        """Switch a step off, or on again."""
        self.steps, self.version = self.steps_toggled(step), self.version + 1

    def steps_toggled(self, step):
        """Return the steps with one of them switched."""
        return tuple(other for other in images.STEPS if (other in self.steps) != (other == step))

    def find_row(self, classify):
        """Return the FoundDigits on the pad where it looks like more than one digit, else None.

        ``classify``: from digits (count, 784) to a network's outputs.
        """
        shown, self._part = self._part, None
        whole = self.preprocessed
        self._part = shown
        if whole is None or not {"ink", "ground"} <= set(self.steps):
            return None
        found = find_unannounced_row(whole.ink, whole.shrunk, classify, self.steps, whole.digit)
        return found if found is not None and len(found.boxes) > 1 else None

    def show_part(self, box):
        """Show by itself what stands in a box of `find_row`, or all with None."""
        self._part = None
        if box is not None:
            whole = self.preprocessed
            left, top, right, bottom = (edge // whole.shrunk for edge in box)
            picture = np.zeros(whole.ink.shape, np.uint8)
            picture[top:bottom, left:right] = np.rint(whole.ink[top:bottom, left:right] * 255)
            self._part = box, picture
        self.version += 1

    @property
    def part(self):
        """The box of the one digit that is shown by itself, or None."""
        return self._part[0] if self._part else None

    @property
    def preprocessed(self):
        """The `images.Preprocessed` of what is on the pad with the steps that are on; None: there is no ink."""
        return self.preprocessed_by(self.steps)

    def preprocessed_by(self, steps):
        """Return the Preprocessed of what is on the pad by these steps, or None where they find no ink."""
        found = self._preprocess(steps)
        return None if isinstance(found, InputError) else found

    @property
    def refusal(self):
        """The InputError that says why the steps that are on leave no digit of what is on the pad, or None."""
        found = self._preprocess(self.steps)
        return found if isinstance(found, InputError) else None

    def _preprocess(self, steps):
        if self.empty:
            return None
        key = self.part, steps
        if key not in self._preprocessed:
            try:
                self._preprocessed[key] = images.preprocess(self.picture, steps)
            except InputError as error:
                self._preprocessed[key] = error
        return self._preprocessed[key]

    @property
    def image(self):
        """What the network reads: a batch of one, ``(1, 784)`` float32; nothing but paper where there is no ink."""
        return self.image_of(self.preprocessed)

    def image_of(self, preprocessed):
        """Return what the network reads of a Preprocessed, or of None."""
        digit = np.zeros((1, IMAGE_SIDE**2), np.float32) if preprocessed is None else preprocessed.digit[np.newaxis]
        return images.prepare(digit, self.network_preparation)
