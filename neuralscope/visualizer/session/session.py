"""What the window is looking at: the one object that changes."""

import copy
from contextlib import nullcontext
from operator import attrgetter

import numpy as np

from neuralscope.analysis.attribution import attribution, gradient, is_piecewise_linear, local_linear_map
from neuralscope.analysis.backprop import backpropagate
from neuralscope.errors import InputError
from neuralscope.formatting import round_up
from neuralscope.images import prepare
from neuralscope.images.augmentation import IMAGE_SIDE
from neuralscope.network.functions import one_hot
from neuralscope.network.nonfinite import could_overflow
from neuralscope.visualizer.session.ablation import Ablation
from neuralscope.visualizer.session.analysis_cache import AnalysisCache
from neuralscope.visualizer.session.camera import Camera
from neuralscope.visualizer.session.check_up import CheckUps
from neuralscope.visualizer.session.digit_history import DigitHistory
from neuralscope.visualizer.session.fine_tuning_steps import FineTuning
from neuralscope.visualizer.session.inputs import inputs_of
from neuralscope.visualizer.session.keyed import keyed
from neuralscope.visualizer.session.non_finite import non_finite_texts
from neuralscope.visualizer.session.selection import Selection
from neuralscope.visualizer.session.snapshot_choice import SnapshotChoice
from neuralscope.visualizer.session.user_digit import UserDigit


class Session:
    """A network, the digits it reads, and what of it a person has chosen.

    ``model`` is what `storage.load` returned, ``dataset`` what `data_loader.load` returned; ``rng`` picks the digits
    and is the only source of chance; sessions on the same network and digits may share an ``analysis``. What a person
    saves goes to the current folder, or to ``download(name, content)``, which returns what to say, where there is one.
    """

    def __init__(self, model, dataset, rng, index=None, analysis=None):
        """Start at test digit ``index``, or at a random one."""
        self.model, self.dataset, self.digits = model, dataset, dataset.test
        self.base_network, self.network_label = model.network, ""  # before neurons are ablated; its name in headlines
        self.analysis = self._file_analysis = analysis or AnalysisCache(model.network, self.digits)
        self.digit_history = DigitHistory(len(self.digits), rng, index)
        self.user_digit = UserDigit(model.metadata.get("preparation"))
        self.ablation, self.selection, self.fine_tuning = Ablation(), Selection(self), FineTuning(self)
        self.snapshot_choice, self.camera, self.check_ups = SnapshotChoice(self), Camera(), CheckUps(self)
        self.training = self.shared_training = None  # the one in this window; where many windows share one
        self.training_setup = None  # what is to be trained; the window's
        self.follows_training = True  # the network that learns is looked at, epoch by epoch
        self.is_arranged, self.holds_color_scales, self._scale_ends = True, False, {}
        self.shows_backprop = False  # how it works explains backprop
        self._calm = None, True  # a network, and whether none of its sums can be no number
        self.cell = None  # (truth, answer) of the confusion matrix
        self.download = None

    # Which network

    def show_network(self, network, network_label, analysis=None):
        """Look at another network from now on: ``base_network``, before neurons are ablated.

        ``network_label``: what the headlines call it, as "epoch 3 of 10"; "" for the file's own. ``analysis``: what is
        known of it; else all is found anew, and its neurons stand where those of the network before stood. What was
        chosen stays where the new one has the same shape.
        """
        if network.sizes != self.base_network.sizes:
            self.ablation.restore_all()
            self.selection.reset_neurons(len(network.layers) - 1)
            self._scale_ends = {}
        self.analysis = analysis or AnalysisCache(network, self.digits, self.analysis)
        self.base_network, self.network_label = network, network_label

    def show_file_network(self):
        """Look at the file's network again."""
        if self.base_network is not self.model.network:
            self.show_network(self.model.network, "", self._file_analysis)

    def go_to_snapshot(self, index):
        """Look at the network as it was at a snapshot."""
        history = self.snapshot_choice.history
        self.show_network(history.network(index), history.network_label(index))

    def fork(self):
        """Return a session that looks at the same, and goes its own way from here, beside any training."""
        fork = copy.copy(self)
        fork.snapshot_choice, fork.training = self.snapshot_choice.fork(fork), None
        fork.digit_history, fork.ablation = self.digit_history.fork(), Ablation(self.ablation.neurons)
        fork.selection, fork.fine_tuning = self.selection.fork(fork), self.fine_tuning.fork(fork)
        fork.check_ups = CheckUps(fork, self.check_ups)
        fork._scale_ends = dict(self._scale_ends)
        return fork

    @property
    def shows_live_network(self):
        """Whether the network shown is of the training in this window."""
        return self.training is not None and self.base_network is not self.model.network

    @property
    def layers(self):
        """The number of hidden layers."""
        return len(self.base_network.layers) - 1

    # Which digit

    def show_user_digit(self):
        """Show the person's own digit; the classes chosen before are kept for `leave_user_digit`."""
        if not self.is_user_digit:
            self.selection.keep_for_return()
        self.digit_history.go_to(None)

    @property
    def no_drawing_text(self):
        """Why nothing can be drawn for this network, or read from a picture, in words; "" where it can."""
        inputs, size = self.inputs, "28 × 28 pixels"
        if inputs.is_picture and inputs.shape == (IMAGE_SIDE, IMAGE_SIDE):
            return ""
        rows, columns = inputs.shape
        reads = f"pictures of {rows} × {columns}" if inputs.is_picture else f"{inputs.count} features"
        return f"this network reads {reads}, and a drawing becomes {size}"

    def open(self, picture, name, steps):
        """Show a picture as the person's own digit; see `UserDigit.open`.

        Raises InputError where the network reads no such pictures.
        """
        if self.no_drawing_text:
            raise InputError(self.no_drawing_text, "name no picture")
        self.user_digit.open(picture, name, steps)
        self.show_user_digit()
        self.digit_history.renew()  # also where another own digit was shown

    def leave_user_digit(self):
        """Forget that the person's own digit was among those seen, and go on with the one before."""
        was_shown = self.is_user_digit
        self.digit_history.forget_user_digit()
        if was_shown:
            self.selection.bring_back()

    def next_misclassified(self):
        """Go to the next test digit that is read wrongly, after the last one at the first; False if there is none."""
        if not self.has_labels:
            return False
        wrong, last = np.flatnonzero(self.evaluation.wrong), self.digit_history.last_index
        if len(wrong):
            self.digit_history.go_to(int(wrong[np.searchsorted(wrong, last, side="right") % len(wrong)]))
        return len(wrong) > 0

    @property
    def is_user_digit(self):
        """Whether the digit shown is the person's own: drawn, or a picture that was opened."""
        return self.index is None

    @property
    def digit_key(self):
        """What is another tuple whenever another digit is shown, or the person's own looks different."""
        return self.digit_history.visit, self.user_digit.version

    @property
    def image(self):
        """The digit shown: a batch of one."""
        return self.user_digit.image if self.is_user_digit else self.digits.images[self.index:self.index + 1]

    @keyed(lambda self: (self.dataset,))
    def inputs(self):
        """What the network's inputs are, and how they stand on the screen: `Inputs`."""
        return inputs_of(self.dataset)

    @property
    def has_labels(self):
        """Whether it is known what the test digits show: else nothing can be counted as right or wrong."""
        return self.digits.has_labels

    @keyed(lambda self: (self.network,))
    def non_finite_texts(self):
        """Which weights and biases of the network that answers are no finite numbers, in words, by array."""
        return non_finite_texts(self.network)

    def arithmetic(self):
        """Return a context in which NumPy does not warn of what is no number, where the network's weights make such."""
        network = self.base_network
        calm = not could_overflow(network) if self._calm[0] is not network else self._calm[1]
        self._calm = network, calm
        return nullcontext() if calm else np.errstate(invalid="ignore", over="ignore")

    @property
    def truth(self):
        """The class the digit shown belongs to; None: nobody said."""
        return None if self.is_user_digit or not self.has_labels else int(self.digits.labels[self.index])

    @property
    def target(self):
        """The class the digit shown should be read as: the label given to teach it, else its truth; where nobody said
        what it is, the class asked about.
        """
        if self.fine_tuning.label is not None:
            return self.fine_tuning.label
        return self.selected_class if self.truth is None else self.truth

    # What follows: from the network, the ablated neurons and the digit

    @keyed(lambda self: (self.base_network, self.ablation.neurons))
    def network(self):
        """The network that answers: without the ablated neurons."""
        return self.ablation.without_ablated(self.base_network)

    @keyed(lambda self: (self.network, self.digit_key))
    def trace(self):
        """What the network did with the digit shown: a `Trace` of one digit."""
        with np.errstate(over="ignore", invalid="ignore"):  # an answer that is none tells
            return self.network.forward(self.image)

    @keyed(lambda self: (self.network, self.user_digit.version))
    def user_row(self):
        """The FoundDigits on the pad and the outputs for each, where it looks like more than one digit, else None."""
        def classify(digits):
            return self.network.forward(prepare(digits, self.user_digit.network_preparation)).outputs

        found = self.user_digit.find_row(classify)
        return found and (found, classify(found.digits))

    @keyed(lambda self: (self.network,))
    def network_float64(self):
        """The network that answers, in float64: a sure digit's error is lost in float32."""
        return self.network.astype(np.float64)

    @keyed(lambda self: (self.network, self.digit_key, self.target))
    def backprop(self):
        """How the loss at the digit shown goes back to every sum and weight, with `target`: float64."""
        targets = one_hot([self.target], self.base_network.sizes[-1], np.float64)
        return backpropagate(self.network_float64, self.network_float64.forward(self.image), targets, self.ablated)

    @keyed(lambda self: (self.trace, self.selected_class, self.contrast_class))
    def attribution(self):
        """What adds up to the score of the class asked about, or to its lead over the one it is compared with."""
        return attribution(self.network, self.trace, self.selected_class, self.contrast_class)

    @keyed(lambda self: (self.network, self.digit_key))
    def pixel_map(self):
        """What ink on each pixel is worth to each score at this digit: ``(classes, pixels)``, and ``(classes,)``.

        The local linear map and its constants; where an activation bends there is none: the gradient, and None.
        """
        if is_piecewise_linear(self.network):
            found = local_linear_map(self.network, self.trace)
            return found.weights, found.constants
        return gradient(self.network, self.trace), None

    @keyed(lambda self: (self.analysis, self.ablation.neurons))
    def answers(self):
        """What the network answers to all test digits: an `evaluation` where they have labels, else `Answers`.

        Counted when it is first asked for, and once.
        """
        return self.analysis.test_set.evaluate_ablated(self.ablated)

    @property
    def evaluation(self):
        """The `Evaluation` of the network on all test digits; None where they have no labels."""
        return self.answers if self.has_labels else None

    @property
    def evaluated(self):
        """Whether `answers` are there without a wait."""
        return self.analysis.test_set.evaluated

    def with_restored(self, layer, neuron):
        """Return the network with this neuron restored, whatever others are, and its trace of the digit shown."""
        if not self.is_ablated(layer, neuron):
            return self.network, self.trace
        network = self.ablation.with_restored(self.base_network, layer, neuron)
        return network, network.forward(self.image)

    # How it is shown

    def order(self, layer):
        """Return which neuron stands in each cell of a layer's sheet: ``(neurons,)``."""
        return self.analysis.order(layer) if self.is_arranged else np.arange(self.network.sizes[layer + 1])

    def top(self, quantity, size):
        """Return the upper end of the colour key of ``quantity``, whose largest value is ``size``; held, as before."""
        if not (self.holds_color_scales and quantity in self._scale_ends):
            self._scale_ends[quantity] = round_up(float(size))
        return self._scale_ends[quantity]

    # Of its parts: what panels read in 12 to 100 places; whatever else a part has is asked of the part itself

    index = property(attrgetter("digit_history.index"))
    selected_class = property(attrgetter("selection.selected_class"))
    contrast_class = property(attrgetter("selection.contrast_class"))
    neuron = property(attrgetter("selection.neuron"))
    ablated = property(attrgetter("ablation.neurons"))
    is_ablated = property(attrgetter("ablation.is_ablated"))
    training_history = property(attrgetter("snapshot_choice.history"))
    layer = property(attrgetter("selection.layer"), lambda self, layer: setattr(self.selection, "layer", layer))
    snapshots = property(attrgetter("snapshot_choice.snapshots"),
                         lambda self, snapshots: setattr(self.snapshot_choice, "file_snapshots", snapshots))
