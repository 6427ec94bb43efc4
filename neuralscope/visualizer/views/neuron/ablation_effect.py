"""What the network is without one neuron: errors and this digit's output, before and after."""

import numpy as np

from neuralscope.analysis.ablation import ablate
from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import CAPTION_PT, HEADLINE_PT, NAME_PT
from neuralscope.visualizer.input.keys import WINDOW_KEYS
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_WORDINGS, changed_count
from neuralscope.visualizer.widgets.panel import Panel, inside


class AblationEffect:
    """The test set with the selected neuron restored, and with it ablated: two Answers and two outputs."""

    def __init__(self, session):
        """Compute what is not there."""
        layer, neuron, test_set = session.layer, session.neuron, session.analysis.test_set
        self.ablated = session.is_ablated(layer, neuron)
        others = session.ablated.get(layer, frozenset()) - {neuron}
        self.other_count = sum(map(len, session.ablated.values())) - self.ablated
        restored, ablated = session.ablated | {layer: others}, session.ablated | {layer: others | {neuron}}
        self.before, self.after = (
            session.answers if now else test_set.evaluate_ablated(ablated_neurons)
            for ablated_neurons, now in ((restored, not self.ablated), (ablated, self.ablated)))
        self.outputs = [ablate(session.base_network, ablated_neurons).forward(session.image).outputs[0]
                        for ablated_neurons in (restored, ablated)]
        self.has_labels, self.changed = session.has_labels, changed_count(self.before, self.after)

    @property
    def flips(self):
        """How many digits are read wrongly only with it ablated, and how many rightly only then."""
        was_right, is_right = (~evaluation.wrong for evaluation in (self.before, self.after))
        return int(np.count_nonzero(was_right & ~is_right)), int(np.count_nonzero(~was_right & is_right))

    def counts_by_class(self, answers):
        """Return the errors of each class; without labels how many digits are read as it."""
        if not self.has_labels:
            return answers.class_counts
        return answers.label_counts - np.diag(answers.confusion)


class AblationPanel(Panel):
    """Errors and this digit's probability before and after, in large figures; a click ablates or restores.

    Without labels: how many digits are read otherwise.
    """

    def __init__(self, surface):
        """Make the lines."""
        super().__init__(surface)
        self.title, self.figures, self.switch = self.add(Line()), self.add(Line()), self.add(Line())
        self.lines = [self.add(Line()) for _ in range(3)]

    def place(self, left, top, width):
        """Put the lines below each other."""
        lead = self.surface.leading
        self.title.x, self.title.y = left, top - 14 * lead
        self.figures.x, self.figures.y = left, top - 52 * lead
        for index, line in enumerate(self.lines):
            line.x, line.y, line.max_width = left, top - (76 + 18 * index) * lead, width
        self.box = left, self.lines[-1].y - 4, width, top - self.lines[-1].y

    def show(self, session, effect):
        """Set the figures."""
        count, state = thousands(effect.after.count), "silenced" if effect.ablated else "if silenced"
        self.title.set_runs((self.run(state, NAME_PT, "text", bold=effect.ablated),
                             self.run("x", CAPTION_PT, "text", mono=True, gap=2),
                             self.run("wakes it" if effect.ablated else "silences it", gap=1)))
        figures, noun, notes = self._counted(effect)
        self.figures.set_runs((self.run(figures, HEADLINE_PT, "text", bold=True),))
        beside = (f", beside {effect.other_count} others" if effect.other_count > 1 else ", beside another"
                  if effect.other_count else "")
        self.lines[0].set_runs((self.run(f"{noun} {count} with this neuron held at 0{beside}"),),
                               (self.run(f"{noun} {count}{beside}"),), (self.run(f"{noun} {count}"),))
        self.lines[1].set_runs(*((self.run(words),) for words in notes))
        head, selected_class = OUTPUT_TEXTS[session.network.layers[-1].activation], session.selected_class
        output_before, output_after = (head.write(outputs[selected_class]) for outputs in effect.outputs)
        self.lines[2].set_runs(
            (self.run(f"{head.name} of {session.dataset.class_names[selected_class]}, this {session.inputs.sample}:"),
             self.run(f"{output_before} → {output_after}", color="text", mono=True, gap=1)),
            (self.run(f"{session.dataset.class_names[selected_class]}, here:"),
             self.run(f"{output_before} → {output_after}", color="text", mono=True, gap=1)))

    def _counted(self, effect):
        """Return the figures, what they count, and wordings of what more there is to say."""
        if not effect.has_labels:
            return thousands(effect.changed), "read otherwise, of", NO_LABELS_WORDINGS
        wrong, right = map(thousands, effect.flips)
        return (f"{thousands(effect.before.errors)} → {thousands(effect.after.errors)}", "errors of",
                (f"{wrong} newly wrong, {right} newly right",))

    def binding_at(self, x, y):
        """Return the binding that ablates or restores."""
        return WINDOW_KEYS.find("x") if inside(self.box, x, y) else None
