"""What the window is looking at: the one object that changes."""

import copy
from functools import cached_property

import numpy as np

from neuralscope.analysis.ablation import ablate
from neuralscope.analysis.attribution import attribution, gradient, is_piecewise_linear, local_linear_map
from neuralscope.analysis.backprop import backpropagate
from neuralscope.formatting import round_up
from neuralscope.network.functions import one_hot
from neuralscope.visualizer.session.analysis_cache import AnalysisCache
from neuralscope.visualizer.session.camera import Camera
from neuralscope.visualizer.session.digit_history import DigitHistory
from neuralscope.visualizer.session.fine_tuning_steps import FineTuning
from neuralscope.visualizer.session.snapshot_choice import SnapshotChoice
from neuralscope.visualizer.session.user_digit import UserDigit

CONTRAST_STRONGEST, CONTRAST_NONE = "strongest", "alone"  # what a class is compared with, if not with one by its number
CACHED_PER_DIGIT = "trace", "pixel_map", "backprop"  # what is computed anew for each digit shown,
CACHED_PER_NETWORK = "network", "network_float64", "evaluation", *CACHED_PER_DIGIT  # and for each network


class Session(DigitHistory, SnapshotChoice):
    """A network, the digits it reads, and what of it a person has chosen.

    ``model`` is what `storage.load` returned, ``dataset`` what `data_loader.load` returned; ``rng`` picks the digits
    and is the only source of chance; sessions on the same network and digits may share a ``analysis``. What a person
    saves
    goes to the current folder, or to ``download(name, content)``, which returns what to say, where there is one.
    """

    def __init__(self, model, dataset, rng, index=None, analysis=None):
        """Start at test digit ``index``, or at a random one."""
        super().__init__(dataset.test, rng, index)
        self.model, self.dataset = model, dataset
        self.base_network, self.network_label = model.network, ""
        self.analysis = self._file_analysis = analysis or AnalysisCache(model.network, self.digits)
        self.user_digit = UserDigit(model.metadata.get("preparation"))
        self.ablated = {}  # hidden layer: a set of neurons
        self.layer = max(0, self.layers - 1)
        self.is_arranged, self.holds_color_scales = True, False
        self.shows_backprop = False  # how it works explains the way back
        self.training_setup = None  # what is to be trained; the window's
        self.camera = Camera()  # how the network in space is looked at
        self.follows_training = True  # the network that learns is looked at, epoch by epoch
        self.awaits_contrast_class, self.download = False, None
        self.cell = None  # (truth, answer) of the confusion matrix
        self._selected_class, self._contrast_class, self._selected_neurons, self._scale_ends = (
            None,
            CONTRAST_STRONGEST,
            {},
            {},
        )
        self._selected_connection = None, None  # the one chosen, and what was chosen besides
        self.fine_tuning = FineTuning(self)

    # The network and what it did

    def show_network(self, network, network_label, analysis=None):
        """Look at another network from now on: ``base_network``, before neurons are silenced.

        ``network_label``: what the headlines call it, as "epoch 3 of 10"; "" for the file's own. ``analysis``: what is
        known of
        it; else all is found anew, and its neurons stand where those of the network before stood. What was chosen
        stays where the new one has the same shape.
        """
        if network.sizes != self.base_network.sizes:
            self.ablated, self._selected_neurons, self._scale_ends = {}, {}, {}
            self.layer = max(0, len(network.layers) - 2)
        self.analysis = analysis or AnalysisCache(network, self.digits, self.analysis)
        self.base_network, self.network_label = network, network_label
        self._clear_cached(*CACHED_PER_NETWORK)

    def show_file_network(self):
        """Look at the file's network again."""
        if self.base_network is not self.model.network:
            self.show_network(self.model.network, "", self._file_analysis)

    def fork(self):
        """Return a session that looks at the same, and goes its own way from here, beside any training."""
        fork = copy.copy(self)
        fork.snapshots, fork.training, fork.fine_tuning = self.snapshots, None, self.fine_tuning.fork(fork)
        fork.visited, fork._selected_neurons, fork._scale_ends = (
            list(self.visited),
            dict(self._selected_neurons),
            dict(self._scale_ends),
        )
        return fork

    @property
    def shows_live_network(self):
        """Whether the network shown is of the training in this window."""
        return self.training is not None and self.base_network is not self.model.network

    @property
    def layers(self):
        """The number of hidden layers."""
        return len(self.base_network.layers) - 1

    @cached_property
    def network(self):
        """The network that answers: without the silenced neurons."""
        return ablate(self.base_network, self.ablated)

    @property
    def is_user_digit(self):
        """Whether the digit shown is the person's own: drawn, or a picture that was opened."""
        return self.index is None

    @property
    def truth(self):
        """The class the digit shown belongs to; None: nobody said."""
        return None if self.is_user_digit else int(self.digits.labels[self.index])

    @property
    def image(self):
        """The digit shown: a batch of one."""
        return self.user_digit.image if self.is_user_digit else self.digits.images[self.index:self.index + 1]

    @cached_property
    def trace(self):
        """What the network did with the digit shown: a `Trace` of one digit."""
        return self.network.forward(self.image)

    @property
    def target(self):
        """The class the digit shown should be read as: the label given to teach it, else its truth; of the person's
        own, the class asked about.
        """
        if self.fine_tuning.label is not None:
            return self.fine_tuning.label
        return self.selected_class if self.is_user_digit else self.truth

    @cached_property
    def network_float64(self):
        """The network that answers, in float64: a sure digit's error is lost in float32."""
        return self.network.astype(np.float64)

    @cached_property
    def backprop(self):
        """How the loss at the digit shown goes back to every sum and weight, with `target`: a `Backward`, float64."""
        targets = one_hot([self.target], self.base_network.sizes[-1], np.float64)
        return backpropagate(self.network_float64, self.network_float64.forward(self.image), targets, self.ablated)

    @property
    def attribution(self):
        """What adds up to the score of the class asked about, or to its lead over the one it is compared with."""
        return attribution(self.network, self.trace, self.selected_class, self.contrast_class)

    @cached_property
    def pixel_map(self):
        """What ink on each pixel is worth to each score at this digit: ``(classes, pixels)``, and ``(classes,)``.

        The template in force and its constants; where an activation bends there is none: the gradient, and None.
        """
        if is_piecewise_linear(self.network):
            found = local_linear_map(self.network, self.trace)
            return found.weights, found.constants
        return gradient(self.network, self.trace), None

    @cached_property
    def evaluation(self):
        """What the network answers to all test digits; counted when it is first asked for, and once."""
        return self.analysis.test_set.evaluate_ablated(self.ablated)

    @property
    def evaluated(self):
        """Whether `evaluation` is there without a wait."""
        return self.analysis.test_set.evaluated

    # Which digit

    def next_misclassified(self):
        """Go to the next test digit that is read wrongly, after the last one at the first; False if there is none."""
        wrong = np.flatnonzero(self.evaluation.predictions != self.digits.labels)
        if not len(wrong):
            return False
        self.go_to(int(wrong[np.searchsorted(wrong, self.last_index, side="right") % len(wrong)]))
        return True

    def on_new_digit(self):
        """Another digit is shown: what is asked about is its own answer."""
        self._selected_class, self._contrast_class, self.awaits_contrast_class = None, CONTRAST_STRONGEST, False
        self.on_digit_redrawn()

    def open(self, picture, name, steps):
        """Show a picture as the person's own digit; see `UserDigit.open`."""
        self.user_digit.open(picture, name, steps)
        self.go_to(None)
        self.on_new_digit()  # also where another own digit was shown

    def go_to(self, index):
        """Show a test digit, or with None the user's; what was selected before is kept for `leave_user_digit`."""
        if index is None and not self.is_user_digit:
            self._selection_before = self._selected_class, self._contrast_class
        super().go_to(index)

    def leave_user_digit(self):
        """Forget that the person's own digit was among those seen, and go on with the one before."""
        was_own = self.is_user_digit
        super().leave_user_digit()
        if was_own:
            self._selected_class, self._contrast_class = self._selection_before

    def on_digit_redrawn(self):
        """The digit shown looks different; what is asked about it stays, what it was said to be does not."""
        self.fine_tuning.label, self._selected_connection = None, (None, None)
        self._clear_cached(*CACHED_PER_DIGIT)

    def label_as(self, label):
        """Say what the digit shown is to be taught as."""
        self.fine_tuning.label = label
        self._clear_cached("backprop")

    # Which class

    @property
    def selected_class(self):
        """The class asked about: the answer, unless another was chosen."""
        return int(self.trace.predictions[0]) if self._selected_class is None else self._selected_class

    @property
    def contrast_class(self):
        """The class it is compared with: the strongest other one, unless one was chosen; None: none."""
        scores = self.trace.sums[-1][0]
        if self._contrast_class == CONTRAST_NONE or len(scores) == 1:
            return None
        if self._contrast_class == CONTRAST_STRONGEST:
            return next(int(other) for other in np.argsort(-scores, kind="stable") if other != self.selected_class)
        return self._contrast_class

    def select_class(self, selected):
        """Ask about a class; where it is awaited, this is the class to compare with."""
        if self.awaits_contrast_class:
            self.compare(selected)
        else:
            self._selected_class = selected
            if self._contrast_class == selected:
                self._contrast_class = CONTRAST_STRONGEST
            self._clear_cached("backprop")

    def compare(self, contrast_class):
        """Compare with a class, with the ``CONTRAST_STRONGEST`` other one, or with none: ``CONTRAST_NONE``."""
        self._contrast_class, self.awaits_contrast_class = (
            CONTRAST_STRONGEST if contrast_class == self.selected_class else contrast_class
        ), False
        if self._selected_class is None and contrast_class != CONTRAST_STRONGEST:
            self._selected_class = self.selected_class

    # Which neuron

    @property
    def neuron(self):
        """The neuron chosen in ``layer``, else the one that pushes most in what is asked; None: no hidden layer.

        In an inner layer, without a choice, the one that fires most.
        """
        if not self.layers:
            return None
        last = self.layer == self.layers - 1
        strength = self.attribution.contributions if last else self.trace.activations[self.layer][0]
        return self._selected_neurons.get(self.layer, int(strength.argmax()))

    @property
    def selected_neurons(self):
        """The neurons chosen by hand, by their layers."""
        return dict(self._selected_neurons)

    def select_neuron(self, layer, neuron):
        """Choose a neuron of a hidden layer, and with it the layer."""
        self.layer, self._selected_neurons[layer] = layer, neuron

    def select_connection(self, layer, source, target):
        """Choose the connection into ``layer``, counted from 0, between two neurons, and with it both its ends."""
        if layer:
            self.select_neuron(layer - 1, source)
        if layer == self.layers:
            self.select_class(target)
        else:
            self.select_neuron(layer, target)
        self._selected_connection = (layer, source, target), self._selection_state()

    @property
    def connection(self):
        """The connection chosen, (layer, source, target), until something else is, or another digit is shown: None."""
        selected, selection_state = self._selected_connection
        return selected if selection_state == self._selection_state() else None

    def _selection_state(self):
        return self.index, self.base_network.sizes, self.layer, self.selected_neurons, self.selected_class

    def is_selected(self, layer, neuron):
        """Say whether this neuron was chosen by hand, and is the one that is asked about."""
        return self.layer == layer and self._selected_neurons.get(layer) == neuron

    def is_ablated(self, layer, neuron):
        """Say whether a neuron is held at 0."""
        return neuron in self.ablated.get(layer, ())

    def toggle_ablation(self, layer, neuron):
        """Silence a neuron, or wake it."""
        self._ablate(self.ablated | {layer: self.ablated.get(layer, frozenset()) ^ {neuron}})

    def with_restored(self, layer, neuron):
        """Return the network in which this neuron is awake, whatever others are, and its trace of the digit shown."""
        if not self.is_ablated(layer, neuron):
            return self.network, self.trace
        network = ablate(self.base_network, self.ablated | {layer: self.ablated[layer] - {neuron}})
        return network, network.forward(self.image)

    def restore_all(self):
        """Wake all silenced neurons."""
        self._ablate({})

    def _ablate(self, ablated):
        self.ablated = {layer: neurons for layer, neurons in sorted(ablated.items()) if neurons}
        self._clear_cached(*CACHED_PER_NETWORK)

    # How it is shown

    def order(self, layer):
        """Return which neuron stands in each cell of a layer's sheet: ``(neurons,)``."""
        return self.analysis.order(layer) if self.is_arranged else np.arange(self.network.sizes[layer + 1])

    def top(self, quantity, size):
        """Return the upper end of the colour key of ``quantity``, whose largest value is ``size``; held, as before."""
        if not (self.holds_color_scales and quantity in self._scale_ends):
            self._scale_ends[quantity] = round_up(float(size))
        return self._scale_ends[quantity]

    def _clear_cached(self, *names):
        for name in names:
            self.__dict__.pop(name, None)
