"""What of the network is asked about: a class, what it is compared with, neurons, a connection."""

import copy
from dataclasses import dataclass, replace

import numpy as np

CONTRAST_STRONGEST, CONTRAST_NONE = "strongest", "alone"  # what a class is compared with, if not with one by its number


@dataclass(frozen=True)
class ClassChoice:
    """What was chosen at a digit: the class asked about, None: the answer; and what it is compared with.

    ``awaits_contrast_class``: the next class that is chosen is the one to compare with.
    """

    selected_class: int | None = None
    contrast_class: int | str = CONTRAST_STRONGEST
    awaits_contrast_class: bool = False


class Selection:
    """What a person chose in a session, and what is asked about where nothing was chosen.

    Classes are chosen for one visit of a digit, a connection until anything else is; neurons stay.
    """

    def __init__(self, session):
        """Begin with nothing chosen, in the last hidden layer."""
        self.session = session
        self._classes = 0, ClassChoice()  # the visit at which they were chosen, and what
        self._before_user_digit = ClassChoice()
        self._connection = None, None  # the one chosen, and what was chosen besides
        self.reset_neurons(session.layers)

    def reset_neurons(self, layers):
        """Forget the neurons that were chosen: the network has another shape, with so many hidden layers."""
        self.layer, self.neurons = max(0, layers - 1), {}  # ``neurons``: those chosen by hand, by their layers

    # Which class

    @property
    def classes(self):
        """The ClassChoice of this visit; nothing is chosen where it is another than when something was."""
        visit, choice = self._classes
        return choice if visit == self.session.digit_history.visit else ClassChoice()

    def _choose(self, **changes):
        self._classes = self.session.digit_history.visit, replace(self.classes, **changes)

    @property
    def selected_class(self):
        """The class asked about: the answer, unless another was chosen."""
        selected = self.classes.selected_class
        return int(self.session.trace.predictions[0]) if selected is None else selected

    @property
    def contrast_class(self):
        """The class it is compared with: the strongest other one, unless one was chosen; None: none."""
        scores, contrast = self.session.trace.sums[-1][0], self.classes.contrast_class
        if contrast == CONTRAST_NONE or len(scores) == 1:
            return None
        if contrast == CONTRAST_STRONGEST:
            selected = self.selected_class
            return next(int(other) for other in np.argsort(-scores, kind="stable") if other != selected)
        return contrast

    @property
    def awaits_contrast_class(self):
        """Whether the next class that is chosen is the one to compare with."""
        return self.classes.awaits_contrast_class

    @awaits_contrast_class.setter
    def awaits_contrast_class(self, awaits):
        self._choose(awaits_contrast_class=awaits)

    def select_class(self, selected):
        """Ask about a class; where it is awaited, this is the class to compare with."""
        if self.awaits_contrast_class:
            self.compare(selected)
        elif self.classes.contrast_class == selected:
            self._choose(selected_class=selected, contrast_class=CONTRAST_STRONGEST)
        else:
            self._choose(selected_class=selected)

    def compare(self, contrast_class):
        """Compare with a class, with the ``CONTRAST_STRONGEST`` other one, or with none: ``CONTRAST_NONE``."""
        contrast = CONTRAST_STRONGEST if contrast_class == self.selected_class else contrast_class
        # what the answer is compared with stays so when the answer becomes another
        selected = self.classes.selected_class if contrast_class == CONTRAST_STRONGEST else self.selected_class
        self._choose(selected_class=selected, contrast_class=contrast, awaits_contrast_class=False)

    def keep_for_return(self):
        """Keep the classes chosen now for `bring_back`."""
        self._before_user_digit = self.classes

    def bring_back(self):
        """Choose again the classes that were kept."""
        kept = self._before_user_digit
        self._choose(selected_class=kept.selected_class, contrast_class=kept.contrast_class)

    # Which neuron

    @property
    def neuron(self):
        """The neuron chosen in ``layer``, else the one that adds most to what is asked; None: no hidden layer.

        In an inner layer, without a choice, the one with the largest activation.
        """
        session = self.session
        if not session.layers:
            return None
        if self.layer in self.neurons:
            return self.neurons[self.layer]
        last = self.layer == session.layers - 1
        strength = session.attribution.contributions if last else session.trace.activations[self.layer][0]
        return int(strength.argmax())

    def select_neuron(self, layer, neuron):
        """Choose a neuron of a hidden layer, and with it the layer."""
        self.layer, self.neurons[layer] = layer, neuron

    def is_selected(self, layer, neuron):
        """Say whether this neuron was chosen by hand, and is the one that is asked about."""
        return self.layer == layer and self.neurons.get(layer) == neuron

    # Which connection

    def select_connection(self, layer, source, target):
        """Choose the connection into ``layer``, counted from 0, between two neurons, and with it both its ends."""
        if layer:
            self.select_neuron(layer - 1, source)
        if layer == self.session.layers:
            self.select_class(target)
        else:
            self.select_neuron(layer, target)
        self._connection = (layer, source, target), self._besides()

    @property
    def connection(self):
        """The connection chosen, (layer, source, target), until something else is, or another digit is shown: None."""
        selected, besides = self._connection
        return selected if selected and besides == self._besides() else None

    def _besides(self):
        session = self.session
        return session.digit_key, session.base_network.sizes, self.layer, dict(self.neurons), self.selected_class

    def fork(self, session):
        """Return the selection of another session that looks at the same, which goes its own way from here."""
        fork = copy.copy(self)
        fork.session, fork.neurons = session, dict(self.neurons)
        return fork
