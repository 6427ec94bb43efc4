"""The list of all keys in force and of what is loaded, over the view."""

from neuralscope.formatting import counted, elided, thousands
from neuralscope.visualizer.drawing.layout import READOUT_FOOT
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.keys import HELP_KEYS, active_bindings
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_TEXT
from neuralscope.visualizer.widgets.origin_text import origin_facts
from neuralscope.visualizer.widgets.panel import Panel, inside

OVERLAY_ZORDER = 10  # the drawing order of what lies over a view


# What the screen says in plain words, and the field's term for it.
GLOSSARY = (
    ("pushes", "activation × weight (direct logit attribution)"),
    ("template", "the local linear map in force at this digit"),
    ("gradient", "the slope of the score, where no template holds"),
    ("silenced", "held at 0 (ablation, knock-out)"),
    ("fires", "gives more than it does for a sum of 0"),
)


class KeyHelp(Panel):
    """A sheet over the view with a row for each binding, which can be clicked."""

    bindings = HELP_KEYS

    def __init__(self, surface, tables, session):
        """Make a row for each binding that the ``tables`` have in force, and for each fact about what is loaded."""
        super().__init__(surface)
        self.listed = active_bindings(tables)
        self.ground = self.add(Block(self.theme.panel, zorder=OVERLAY_ZORDER))
        self.edge = self.add(Block(self.theme.accent, zorder=OVERLAY_ZORDER))
        self.facts = loaded_facts(session)
        self.title, self.facts_title, self.glossary_title = self._line(), self._line(), self._line()
        self.rows = [(self._line(), self._line()) for _ in [*self.listed, *self.facts, *GLOSSARY]]

    def _line(self):
        line = self.add(Line())
        line.set_zorder(OVERLAY_ZORDER + 1)
        return line

    def place(self):
        """Cover the view between headline and footer; keys at the left, facts at the right."""
        left, bottom, width, height = self.box = self.surface.plate(READOUT_FOOT, top=0.87)
        self.ground.set_bounds(*self.box)
        self.edge.set_bounds(left, bottom, 3, height)
        pad, top, middle = 28 * self.surface.scale, bottom + height - 44 * self.surface.scale, left + 0.53 * width
        step = min(30 * self.surface.leading, (top - self.box[1] - 20) / (len(self.listed) + 0.5))
        below = top - (len(self.facts) + 2.5) * step
        heads = ((self.title, left + pad, top, "all keys"), (self.facts_title, middle, top, "what is loaded"),
                 (self.glossary_title, middle, below, "what the words mean"))
        for line, x, y, words in heads:
            line.x, line.y = x, y
            line.set_runs((self.run(words, SUBHEADLINE_PT, "text", bold=True),))
        keys, facts = self.rows[:len(self.listed)], self.rows[len(self.listed):-len(GLOSSARY)]
        labels = [(binding.label, binding.help) for binding in self.listed]
        self._column(keys, labels, left + pad, middle - 12, top, step, mono=True)
        self._column(facts, self.facts, middle, left + width - pad, top, step, mono=False)
        self._column(self.rows[-len(GLOSSARY):], GLOSSARY, middle, left + width - pad, below, step, mono=False)

    def _column(self, rows, words, left, right, top, step, mono):
        """Set pairs of words below each other, the second ones in a column of their own."""
        first = [(self.run(word, READOUT_PT, "text" if mono else "muted", mono=mono),) for word, _ in words]
        indent = max(self.title.measure(runs) for runs in first) + 16 * self.surface.scale
        for number, ((term_line, text_line), runs, (_, text)) in enumerate(zip(rows, first, words, strict=True)):
            term_line.x, text_line.x = left, left + indent
            term_line.y = text_line.y = top - (number + 1.2) * step
            text_line.max_width = right - text_line.x
            term_line.set_runs(runs)
            color = "muted" if mono else "text"
            text_line.set_runs(*((self.run(part, READOUT_PT, color),) for part in elided(text)))

    def binding_at(self, x, y):
        """Return the binding of the row at a point."""
        for binding, (term_line, text_line) in zip(self.listed, self.rows, strict=False):
            left, bottom, _, height = term_line.bounds()
            if inside((left, bottom - 4, text_line.bounds()[0] + text_line.bounds()[2] - left, height + 8), x, y):
                return binding
        return None


def loaded_facts(session):
    """Return ``(what, words)`` pairs about the network and the data shown."""
    metadata, data = session.model.metadata, session.dataset
    epochs = counted(metadata["epochs_run"], "epoch") if "epochs_run" in metadata else "? epochs"
    learned = f"{metadata.get('dataset', 'not said in the file')}, {epochs}"
    weights = str(session.model.path)
    if session.shows_live_network:
        learned, weights = f"{data.name}, {session.network_label}", f"of the training in this window, not {weights}"
    facts = [("weights", weights), ("network", session.network.architecture), ("learned on", learned),
             ("shows", f"test part of {data.name}, {data.source}")]
    facts[1:1] = origin_facts(session)
    if not session.has_labels:
        facts.append(("reads right", NO_LABELS_TEXT))
    elif session.evaluated:
        wrong, count = session.evaluation.errors, session.evaluation.count
        facts.append(("reads right", f"{thousands(count - wrong)} of {thousands(count)}, {thousands(wrong)} wrong"))
    return facts
