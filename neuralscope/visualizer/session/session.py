"""What the window is looking at: the one object that changes."""

import copy
from functools import cached_property

import numpy as np

from neuralscope.analysis.ablation import silence
from neuralscope.analysis.attribution import gradient, is_piecewise_linear, ledger, template
from neuralscope.analysis.backprop import backward
from neuralscope.formatting import round_up
from neuralscope.network.functions import one_hot
from neuralscope.visualizer.live.setup import Plan
from neuralscope.visualizer.session.analysis_cache import Study
from neuralscope.visualizer.session.camera import Gaze
from neuralscope.visualizer.session.digit_history import Walk
from neuralscope.visualizer.session.fine_tuning_steps import Lessons
from neuralscope.visualizer.session.snapshot_choice import Travel
from neuralscope.visualizer.session.user_digit import Sketch

STRONGEST, ALONE = "strongest", "alone"  # what a class is compared with, if not with one by its number
OF_DIGIT = "trace", "pixel_map", "way_back"  # what is computed anew for each digit shown,
OF_NETWORK = "network", "exact", "evaluation", *OF_DIGIT  # and for each network


class Session(Walk, Travel):
    """A network, the digits it reads, and what of it a person has chosen.

    ``model`` is what `storage.load` returned, ``dataset`` what `data_loader.load` returned; ``rng`` picks the digits
    and is the only source of chance; sessions on the same network and digits may share a ``study``. What a person saves
    goes to the current folder, or to ``hand_over(name, content)``, which returns what to say, where there is one.
    """

    def __init__(self, model, dataset, rng, index=None, study=None):
        """Start at test digit ``index``, or at a random one."""
        super().__init__(dataset.test, rng, index)
        self.model, self.dataset = model, dataset
        self.whole, self.stage = model.network, ""
        self.study = self._files_study = study or Study(model.network, self.digits)
        self.sketch = Sketch(model.metadata.get("preparation"))
        self.silenced = {}  # hidden layer: a set of neurons
        self.layer = max(0, self.layers - 1)
        self.arranged, self.held = True, False
        self.goes_back = False  # how it works explains the way back
        self.plan = Plan()  # what is to be trained
        self.gaze = Gaze()  # how the network in space is looked at
        self.follows = True  # the network that learns is looked at, epoch by epoch
        self.awaits_versus, self.hand_over = False, None
        self.cell = None  # (truth, answer) of the confusion matrix
        self._asked, self._versus, self._neurons, self._tops = None, STRONGEST, {}, {}
        self._connection = None, None  # the one chosen, and what was chosen besides
        self.lessons = Lessons(self)

    # The network and what it did

    def take(self, network, stage, study=None):
        """Look at another network from now on: ``whole``, before neurons are silenced.

        ``stage``: what the headlines call it, as "epoch 3 of 10"; "" for the file's own. ``study``: what is known of
        it; else all is found anew, and its neurons stand where those of the network before stood. What was chosen
        stays where the new one has the same shape.
        """
        if network.sizes != self.whole.sizes:
            self.silenced, self._neurons, self._tops = {}, {}, {}
            self.layer = max(0, len(network.layers) - 2)
        self.study = study or Study(network, self.digits, self.study)
        self.whole, self.stage = network, stage
        self._forget(*OF_NETWORK)

    def take_files(self):
        """Look at the file's network again."""
        if self.whole is not self.model.network:
            self.take(self.model.network, "", self._files_study)

    def twin(self):
        """Return a session that looks at the same, and goes its own way from here, beside any training."""
        twin = copy.copy(self)
        twin.snapshots, twin.training, twin.lessons = self.snapshots, None, self.lessons.twin(twin)
        twin.seen, twin._neurons, twin._tops = list(self.seen), dict(self._neurons), dict(self._tops)
        return twin

    @property
    def learned_here(self):
        """Whether the network shown is of the training in this window."""
        return self.training is not None and self.whole is not self.model.network

    @property
    def layers(self):
        """The number of hidden layers."""
        return len(self.whole.layers) - 1

    @cached_property
    def network(self):
        """The network that answers: without the silenced neurons."""
        return silence(self.whole, self.silenced)

    @property
    def own(self):
        """Whether the digit shown is the person's own: drawn, or a picture that was opened."""
        return self.index is None

    @property
    def truth(self):
        """The class the digit shown belongs to; None: nobody said."""
        return None if self.own else int(self.digits.labels[self.index])

    @property
    def image(self):
        """The digit shown: a batch of one."""
        return self.sketch.image if self.own else self.digits.images[self.index:self.index + 1]

    @cached_property
    def trace(self):
        """What the network did with the digit shown: a `Trace` of one digit."""
        return self.network.forward(self.image)

    @property
    def target(self):
        """The class the digit shown should be read as: the label given to teach it, else its truth; of the person's
        own, the class asked about.
        """
        if self.lessons.label is not None:
            return self.lessons.label
        return self.chosen if self.own else self.truth

    @cached_property
    def exact(self):
        """The network that answers, in float64: a sure digit's error is lost in float32."""
        return self.network.astype(np.float64)

    @cached_property
    def way_back(self):
        """How the loss at the digit shown goes back to every sum and weight, with `target`: a `Backward`, float64."""
        targets = one_hot([self.target], self.whole.sizes[-1], np.float64)
        return backward(self.exact, self.exact.forward(self.image), targets, self.silenced)

    @property
    def ledger(self):
        """What adds up to the score of the class asked about, or to its lead over the one it is compared with."""
        return ledger(self.network, self.trace, self.chosen, self.versus)

    @cached_property
    def pixel_map(self):
        """What ink on each pixel is worth to each score at this digit: ``(classes, pixels)``, and ``(classes,)``.

        The template in force and its constants; where an activation bends there is none: the gradient, and None.
        """
        if is_piecewise_linear(self.network):
            found = template(self.network, self.trace)
            return found.weights, found.constants
        return gradient(self.network, self.trace), None

    @cached_property
    def evaluation(self):
        """What the network answers to all test digits; counted when it is first asked for, and once."""
        return self.study.survey.evaluate_silenced(self.silenced)

    @property
    def evaluated(self):
        """Whether `evaluation` is there without a wait."""
        return self.study.survey.evaluated

    # Which digit

    def next_misread(self):
        """Go to the next test digit that is read wrongly, after the last one at the first; False if there is none."""
        wrong = np.flatnonzero(self.evaluation.predictions != self.digits.labels)
        if not len(wrong):
            return False
        self.go_to(int(wrong[np.searchsorted(wrong, self.last_index, side="right") % len(wrong)]))
        return True

    def moved(self):
        """Another digit is shown: what is asked about is its own answer."""
        self._asked, self._versus, self.awaits_versus = None, STRONGEST, False
        self.redrawn()

    def open(self, picture, name, steps):
        """Show a picture as the person's own digit; see `Sketch.open`."""
        self.sketch.open(picture, name, steps)
        self.go_to(None)
        self.moved()  # also where another own digit was shown

    def go_to(self, index):
        """Show a test digit, or with None the person's own; what was asked before that is kept for `leave_own`."""
        if index is None and not self.own:
            self._asked_before = self._asked, self._versus
        super().go_to(index)

    def leave_own(self):
        """Forget that the person's own digit was among those seen, and go on with the one before."""
        was_own = self.own
        super().leave_own()
        if was_own:
            self._asked, self._versus = self._asked_before

    def redrawn(self):
        """The digit shown looks different; what is asked about it stays, what it was said to be does not."""
        self.lessons.label, self._connection = None, (None, None)
        self._forget(*OF_DIGIT)

    def label_as(self, label):
        """Say what the digit shown is to be taught as."""
        self.lessons.label = label
        self._forget("way_back")

    # Which class

    @property
    def chosen(self):
        """The class asked about: the answer, unless another was chosen."""
        return int(self.trace.predictions[0]) if self._asked is None else self._asked

    @property
    def versus(self):
        """The class it is compared with: the strongest other one, unless one was chosen; None: none."""
        scores = self.trace.sums[-1][0]
        if self._versus == ALONE or len(scores) == 1:
            return None
        if self._versus == STRONGEST:
            return next(int(other) for other in np.argsort(-scores, kind="stable") if other != self.chosen)
        return self._versus

    def ask(self, chosen):
        """Ask about a class; where it is awaited, this is the class to compare with."""
        if self.awaits_versus:
            self.compare(chosen)
        else:
            self._asked = chosen
            if self._versus == chosen:
                self._versus = STRONGEST
            self._forget("way_back")

    def compare(self, versus):
        """Compare with a class, with the ``STRONGEST`` other one, or with none: ``ALONE``."""
        self._versus, self.awaits_versus = (STRONGEST if versus == self.chosen else versus), False
        if self._asked is None and versus != STRONGEST:
            self._asked = self.chosen

    # Which neuron

    @property
    def neuron(self):
        """The neuron chosen in ``layer``, else the one that pushes most in what is asked; None: no hidden layer.

        In an inner layer, without a choice, the one that fires most.
        """
        if not self.layers:
            return None
        last = self.layer == self.layers - 1
        strength = self.ledger.pushes if last else self.trace.activations[self.layer][0]
        return self._neurons.get(self.layer, int(strength.argmax()))

    @property
    def chosen_neurons(self):
        """The neurons chosen by hand, by their layers."""
        return dict(self._neurons)

    def choose_neuron(self, layer, neuron):
        """Choose a neuron of a hidden layer, and with it the layer."""
        self.layer, self._neurons[layer] = layer, neuron

    def choose_connection(self, layer, source, target):
        """Choose the connection into ``layer``, counted from 0, between two neurons, and with it both its ends."""
        if layer:
            self.choose_neuron(layer - 1, source)
        if layer == self.layers:
            self.ask(target)
        else:
            self.choose_neuron(layer, target)
        self._connection = (layer, source, target), self._choices()

    @property
    def connection(self):
        """The connection chosen, (layer, source, target), until something else is, or another digit is shown: None."""
        chosen, choices = self._connection
        return chosen if choices == self._choices() else None

    def _choices(self):
        return self.index, self.whole.sizes, self.layer, self.chosen_neurons, self.chosen

    def has_chosen(self, layer, neuron):
        """Say whether this neuron was chosen by hand, and is the one that is asked about."""
        return self.layer == layer and self._neurons.get(layer) == neuron

    def is_silenced(self, layer, neuron):
        """Say whether a neuron is held at 0."""
        return neuron in self.silenced.get(layer, ())

    def toggle(self, layer, neuron):
        """Silence a neuron, or wake it."""
        self._silence(self.silenced | {layer: self.silenced.get(layer, frozenset()) ^ {neuron}})

    def awake(self, layer, neuron):
        """Return the network in which this neuron is awake, whatever others are, and its trace of the digit shown."""
        if not self.is_silenced(layer, neuron):
            return self.network, self.trace
        network = silence(self.whole, self.silenced | {layer: self.silenced[layer] - {neuron}})
        return network, network.forward(self.image)

    def wake_all(self):
        """Wake all silenced neurons."""
        self._silence({})

    def _silence(self, silenced):
        self.silenced = {layer: neurons for layer, neurons in sorted(silenced.items()) if neurons}
        self._forget(*OF_NETWORK)

    # How it is shown

    def order(self, layer):
        """Return which neuron stands in each cell of a layer's sheet: ``(neurons,)``."""
        return self.study.order(layer) if self.arranged else np.arange(self.network.sizes[layer + 1])

    def top(self, what, size):
        """Return the upper end of the colour key of ``what``, whose largest value is ``size``; held, the one before."""
        if not (self.held and what in self._tops):
            self._tops[what] = round_up(float(size))
        return self._tops[what]

    def _forget(self, *names):
        for name in names:
            self.__dict__.pop(name, None)
