"""The headline: what the network reads, how sure it is, and whether it is right."""

from dataclasses import replace

import numpy as np

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.layout import HEAD_ROW, TAB_ROW
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.keys import WINDOW_KEYS
from neuralscope.visualizer.session.non_finite import (
    NO_ANSWER_REASON,
    NO_ANSWER_REMEDY,
    NO_ANSWER_TEXT,
    has_answer,
)
from neuralscope.visualizer.widgets.function_text import OUTPUT_TEXTS
from neuralscope.visualizer.widgets.no_labels import NO_TRUE_LABEL_TEXT
from neuralscope.visualizer.widgets.panel import Panel, inside


class Headline(Panel):
    """The verdict in words, with its mark; at the right which digit it is about, and above that what is ablated."""

    names_network = True  # whether it says which network is shown, where that is not the file's

    def __init__(self, surface):
        """Make the three lines."""
        super().__init__(surface)
        self.verdict, self.subject = self.add(Line()), self.add(Line(align="right"))
        self.ablated, self.offers_restore = self.add(Line(align="right")), False

    def place(self):
        """Stand at the same height in every view."""
        page, y = self.surface.page(), self.surface.y
        self.verdict.x, self.verdict.y = page.left, y(HEAD_ROW)
        self.subject.x, self.subject.y = page.right, y(HEAD_ROW)
        self.ablated.x, self.ablated.y = page.right, y(TAB_ROW)
        self.subject.max_width = self.surface.x(0.4)

    def leave_room_until(self, end):
        """Leave the room to the left of ``end`` to the names of the views."""
        self.ablated.max_width = self.ablated.x - end

    @property
    def title(self):
        """The words for the window's title."""
        return f"{self.subject.text}, {self.verdict.text}"

    def update(self, session, trace):
        """Say it; the verdict in its longest wording that leaves room for the words at the right."""
        self.subject.set_runs(*self._right_wordings(session))
        taken = self.subject.bounds()[2] + 16 * self.surface.scale
        self.verdict.max_width = self.surface.page().width - taken
        self.verdict.set_runs(*self.wordings(session, trace))
        self.offers_restore = bool(session.ablated)
        self.ablated.set_runs(*self._ablation_wordings(session))

    def wordings(self, session, trace):
        """Return the wordings of the verdict, longest first."""
        read, right = self.prediction_runs(session, trace), self.correctness_runs(session, trace)
        return read + right, read + right[:1], read

    def prediction_runs(self, session, trace):
        """Return the runs that say what is read, and how surely."""
        if not has_answer(trace):
            return self.no_answer_runs(session)
        answer, network = int(trace.predictions[0]), session.network
        head = OUTPUT_TEXTS[network.layers[-1].activation]
        unit_runs = () if network.head.sums_to_one else (self.run(head.name, LABEL_PT, gap=3),)
        return (self.run(f"reads {session.dataset.class_names[answer]}", HEADLINE_PT, "text", bold=True), *unit_runs,
                self.run(head.write(trace.outputs[0, answer]), HEADLINE_PT, "text", gap=0.7 if unit_runs else 1.5))

    def no_answer_runs(self, session):
        """Return the runs that say that nothing is read, and what to change."""
        return (self.run(f"✗ {NO_ANSWER_TEXT}:", HEADLINE_PT, "wrong", bold=True),
                self.run(NO_ANSWER_REASON, SUBHEADLINE_PT, "text", gap=1))

    def correctness_runs(self, session, trace):
        """Return the runs that say whether it is right; where nobody knows, what else it might be.

        Where there is no answer, what to do.
        """
        if not has_answer(trace):
            return (self.run(NO_ANSWER_REMEDY, LABEL_PT, gap=2),)
        if session.is_user_digit:
            return self.runner_up_runs(session, trace)
        if session.truth is None:
            return self.run(NO_TRUE_LABEL_TEXT, LABEL_PT, gap=3), *self.runner_up_runs(session, trace)
        right = int(trace.predictions[0]) == session.truth
        mark, color = ("✓ right", "right") if right else ("✗ wrong", "wrong")
        return (self.run(mark, SUBHEADLINE_PT, color, bold=True, gap=4),
                self.run(f"the truth is {session.dataset.class_names[session.truth]}", LABEL_PT, gap=2))

    def runner_up_runs(self, session, trace):
        """Return the runs that say what is the second best guess."""
        outputs, head = trace.outputs[0], OUTPUT_TEXTS[session.network.layers[-1].activation]
        order = np.argsort(-outputs, kind="stable")
        if len(order) < 2:
            return ()
        runner_up = int(order[1])
        words = f"then {session.dataset.class_names[runner_up]}, {head.write(outputs[runner_up])}"
        return (self.run(words, LABEL_PT, gap=3),)

    def subject_wordings(self, session):
        """Return the wordings that say which digit is shown."""
        if session.is_user_digit:
            return tuple((self.run(words, LABEL_PT),) for words in (session.user_digit.name, "your picture"))
        index, count = thousands(session.index), thousands(len(session.digits))
        sample = session.inputs.sample
        return tuple((self.run(words, LABEL_PT), self.run(index, LABEL_PT, "text", mono=True, gap=1),
                      self.run(f"of {count}", LABEL_PT, gap=1)) for words in (f"test {sample}", sample))

    def _right_wordings(self, session):
        """Return the wordings of which digit it is, after which network reads it, if that is not the file's own."""
        if not (self.names_network and session.network_label):
            return self.subject_wordings(session)
        stage = self.run(session.network_label, LABEL_PT, "text", bold=True)
        return *((stage, replace(words[0], gap=2), *words[1:]) for words in self.subject_wordings(session)), (stage,)

    def _ablation_wordings(self, session):
        """Say which neurons are ablated, all if there is room, and how to restore them."""
        if not session.ablated:
            return self._non_finite_wordings(session)
        layers = [", ".join(map(str, sorted(neurons))) for neurons in session.ablated.values()]
        if session.layers > 1:
            layers = [f"layer {layer + 1}: {names}" for layer, names in zip(session.ablated, layers, strict=True)]
        count = sum(map(len, session.ablated.values()))
        restore_runs = (self.run("X", color="text", mono=True, gap=2),
                        self.run("wakes all" if count > 1 else "wakes it", gap=1))
        neurons = f"{thousands(count)} neuron{'s' if count > 1 else ''} silenced"
        wordings = [(self.run("✕ " + words, color="text", bold=True), *restore_runs)
                    for words in (f"{neurons}: {'; '.join(layers)}", neurons, f"{thousands(count)} silenced")]
        return [*wordings, (self.run(f"✕ {thousands(count)}", color="text", bold=True), restore_runs[0])]

    def _non_finite_wordings(self, session):
        """Say which weights are no numbers."""
        found = session.non_finite_texts
        if not found:
            return ((),)
        wordings = ("; ".join(found), found[0] + "; others too" * (len(found) > 1), "weights that are no numbers",
                    "broken weights", "broken")
        return [(self.run(f"✗ {words}", color="wrong", bold=True),) for words in wordings]

    def binding_at(self, x, y):
        """Return the binding that restores all, where it is offered."""
        found = self.offers_restore and inside(self.ablated.bounds(), x, y)
        return WINDOW_KEYS.find("X") if found else None
