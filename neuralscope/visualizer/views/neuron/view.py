"""One neuron: what it looks for, what moves it, what it says to each class, and what the network is without it."""

import numpy as np

from neuralscope.formatting import share, thousands
from neuralscope.visualizer.drawing.layout import Box
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.widgets.empty_state import EmptyState
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.hidden_layers import neuron_name, neuron_runs
from neuralscope.visualizer.widgets.view import View


class NeuronHeadline(Headline):
    """Which neuron it is and how often it fires."""

    def wordings(self, session, trace):
        """Return the wordings, longest first."""
        if not session.layers:
            return ((self.run("no hidden neurons", HEADLINE_PT, "text", bold=True),),)
        profile = session.analysis.test_set.neuron_profile(session.layer, session.neuron)
        name = (self.run(neuron_name(session, session.layer, session.neuron), HEADLINE_PT, "text", bold=True),)
        count = thousands(int(profile.class_counts.sum()))
        if profile.unknown_count:
            some = self.run("✗ gives no number", SUBHEADLINE_PT, "wrong", bold=True, gap=2)
            part = f"for {thousands(profile.unknown_count)} of {thousands(len(session.digits))}"
            of = self.run(f"{part} test {session.inputs.sample}s", LABEL_PT, gap=1)
            return (*name, some, of), (*name, some), name
        if profile.dead:
            return (*name, self.run("is dead:", SUBHEADLINE_PT, "text", bold=True, gap=2),
                    self.run(f"it gives the same for all {count} test {session.inputs.sample}s", LABEL_PT, gap=1)), (
                        *name, self.run("is dead", SUBHEADLINE_PT, "text", bold=True, gap=2))
        part = share(int(profile.fires.sum()), int(profile.class_counts.sum()), 0)
        fires = self.run(f"fires for {part} of the {session.inputs.sample}s", SUBHEADLINE_PT, "text", gap=2)
        return (*name, fires, *self._top_classes_run(session, profile)), (*name, fires), name

    def _top_classes_run(self, session, profile):
        """Return the run that says for which classes it fires most often."""
        shares = profile.fires / np.maximum(profile.class_counts, 1)
        best = [int(class_index) for class_index in np.argsort(-shares, kind="stable")[:2] if shares[class_index] > 0]
        names = " and ".join(session.dataset.class_names[class_index] for class_index in best)
        whose = "" if session.has_labels else "those read as "
        return (self.run(f"most for {whose}{names}", LABEL_PT, gap=1.5),) if best else ()

    def subject_wordings(self, session):
        """Return the wordings that say among which it is."""
        if not session.layers:
            return super().subject_wordings(session)
        last = session.network.sizes[session.layer + 1] - 1
        layer = f"layer {session.layer + 1} of {session.layers}, " if session.layers > 1 else "hidden layer, "
        return ((self.run(f"{layer}neurons", LABEL_PT), self.run("0", LABEL_PT, "text", mono=True, gap=1),
                 self.run("to", LABEL_PT, gap=1), self.run(thousands(last), LABEL_PT, "text", mono=True, gap=1)),
                (self.run(f"of {thousands(last + 1)}", LABEL_PT),))


class NeuronView(View):
    """Weights, digits and classes above; the loss of it below."""

    key, title = "n", "neuron"
    headline_class = NeuronHeadline
    bindings = KeyTable([
        Binding(("left",), "choose_adjacent_neuron", "the neuron before, by number", "before", takes_key=True),
        Binding(("right",), "choose_adjacent_neuron", "the neuron after, by number", "after", takes_key=True),
        Binding(("up",), "choose_by_cost", "the neuron that costs more errors", "costlier", takes_key=True),
        Binding(("down",), "choose_by_cost", "the neuron that costs fewer errors", "cheaper", takes_key=True),
    ])

    def __init__(self, surface, session):
        """Make the panels; without a hidden layer, a notice."""
        from neuralscope.visualizer.views.neuron.ablation_effect import AblationPanel
        from neuralscope.visualizer.views.neuron.ablation_ranking import AblationRanking
        from neuralscope.visualizer.views.neuron.class_table import ClassTable
        from neuralscope.visualizer.views.neuron.errors_by_class import ErrorsByClass
        from neuralscope.visualizer.views.neuron.top_digits import TopDigits
        from neuralscope.visualizer.views.neuron.weights import NeuronWeights

        super().__init__(surface, session)
        self.rule, inputs = None, session.inputs
        if not session.layers:
            self.bindings = KeyTable([])
            self.panels = [EmptyState(surface, "this network has no hidden layer, so it has no hidden neurons",
                                      f"{inputs.noun}s push the classes directly: see why", "w")]
            return
        names = session.dataset.class_names
        self.weights, self.strongest = NeuronWeights(surface, inputs), TopDigits(surface, inputs)
        self.class_table = ClassTable(surface, names)
        self.ablated, self.all = AblationPanel(surface), AblationRanking(surface)
        self.errors_by_class = ErrorsByClass(surface, len(names))
        self.panels = [self.weights, self.strongest, self.class_table, self.ablated, self.all, self.errors_by_class]
        self.rule = surface.add(Block(surface.theme.hairline))

    def place(self):
        """Three columns above a rule, and three below it."""
        super().place()
        if self.rule is None:
            self.panels[0].place()
            return
        surface, lead = self.surface, self.surface.leading
        upper, y = surface.page(foot=0.405, by_height=True), surface.y(0.3225)
        square = upper.left_of(upper.left + surface.x(0.24)).square()
        middle, right = square._replace(left=surface.x(0.297)), upper.right_of(surface.x(0.566))
        self.weights.place(square)
        self.strongest.place(*middle.top_left, middle.width)
        below = min(self.weights.picture.bounds()[1], self.strongest.tiles[-1].bounds()[1])
        for panel in (self.weights, self.strongest):
            panel.label(below)
        self.class_table.place(right)
        y = min(y, below - 54 * lead)
        self.rule.set_bounds(upper.left, y, upper.width, 1)
        self.ablated.place(upper.left, y - 6 * lead, surface.x(0.25))
        height = max(20, y - surface.page().bottom - 46 * lead)
        self.all.place(Box.hanging(middle.left, y - 20 * lead, middle.width, height))
        self.errors_by_class.place(right.left, y - 6 * lead, right.width)

    def update(self):
        """Show the neuron, and what the network is without it."""
        from neuralscope.visualizer.views.neuron.ablation_effect import AblationEffect

        super().update()
        if self.rule:
            effect = AblationEffect(self.session)
            self.ablated.show(self.session, effect)
            self.errors_by_class.show(self.session, effect)

    def default_description(self):
        """Say what the neuron does at this digit."""
        session = self.session
        return (neuron_runs(self.headline, session, session.layer, session.neuron), None) if self.rule else None

    def choose_adjacent_neuron(self, key):
        """Go to the neuron before or after, round and round."""
        if self.rule:
            session, step = self.session, {"left": -1, "right": 1}[key]
            count = session.network.sizes[session.layer + 1]
            session.selection.select_neuron(session.layer, (session.neuron + step) % count)

    def choose_by_cost(self, key):
        """Go to the neuron whose loss costs more, or fewer, errors."""
        if self.rule and self.all.single_ablations is not None:
            session, step = self.session, {"up": -1, "down": 1}[key]
            rank = int(self.all.single_ablations.ranks[session.neuron]) + step
            session.selection.select_neuron(session.layer, int(self.all.sorted[rank % len(self.all.sorted)]))

    def number_target(self):
        """A number to go to is a neuron's."""
        session = self.session
        return ("neuron", session.network.sizes[session.layer + 1] - 1,
                lambda neuron: session.selection.select_neuron(session.layer, neuron)) if self.rule else None

    def close(self):
        """Take the rule off too."""
        super().close()
        if self.rule:
            self.rule.remove()
