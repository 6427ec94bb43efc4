"""For which classes a neuron fires, how strongly, and what it says to each of them."""

import numpy as np

from neuralscope.analysis.attribution import logit_gradient
from neuralscope.formatting import key_end, round_up, share, sign_word, signed, thousands
from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import READOUT_PT, ROW_PT, color_values
from neuralscope.visualizer.widgets.color_key import ColorKey
from neuralscope.visualizer.widgets.function_text import ACTIVATION_TEXTS
from neuralscope.visualizer.widgets.outputs import select_or_explain_class
from neuralscope.visualizer.widgets.panel import Panel, inside


def no_ablation_note(session):
    """Return words for figures of all test digits that hold with all neurons restored, where some before are not."""
    return ", all neurons awake" if any(layer < session.layer for layer in session.ablated) else ""


class ClassTable(Panel):
    """A row for each class: a histogram of the activations, the share that fires, the weight to the class as a bar."""

    selects_class = True

    def __init__(self, surface, class_names):
        """Make the rows."""
        super().__init__(surface)
        self.class_names = class_names
        rows = range(len(class_names))
        self.labels = [self.add(Line()) for _ in rows]
        self.fires, self.weights = ([self.add(Line(align="right")) for _ in rows] for _ in "12")
        self.lines = [self.add(Block(self.theme.hairline)) for _ in rows]
        self.bars = [self.add(Block(self.theme.positive)) for _ in rows]
        self.histogram, self.axis = self.add(Blocks()), self.add(Block(self.theme.hairline))
        self.heads = [self.add(Line(align=align)) for align in ("left", "right", "right")]
        self.key, self.note = ColorKey(self), self.add(Line(align="right"))

    def place(self, box):
        """Share the height among the rows, the width among labels, histograms, shares, bars and weights."""
        scale, lead, measure = self.surface.scale, self.surface.leading, self.note.measure
        self.box, self.row = box, box.height / len(self.class_names)
        self.size = ROW_PT if max(map(len, self.class_names)) <= 2 else READOUT_PT
        start = box.left + max(measure((self.run(name, self.size, mono=True, bold=True),)) for name in self.class_names)
        start += 16 * scale
        right = box.right
        figure = measure((self.run("−0.000", READOUT_PT, mono=True),))
        share_width = measure((self.run("> 99 %", READOUT_PT, mono=True),))
        room = right - start - figure - share_width - 52 * scale
        self.start, self.length = start, 0.66 * room
        self.share_x = start + self.length + share_width + 20 * scale
        self.reach = 0.17 * room
        self.zero = right - figure - 16 * scale - self.reach
        for row in range(len(self.class_names)):
            y = self.middle(row) - 5 * lead
            for lines, x in ((self.labels, box.left), (self.fires, self.share_x), (self.weights, right)):
                lines[row].x, lines[row].y = x, y
            self.lines[row].set_bounds(start, self.floor(row), self.length, 1)
        self.axis.set_bounds(self.zero, box.bottom, 1, box.height)
        for head, x in zip(self.heads, (start, self.share_x, right), strict=True):
            head.x, head.y = x, box.top + 10 * scale
        self.heads[0].max_width = self.share_x - share_width - 8 - start
        self.heads[2].max_width = right - self.share_x - 8
        self._place_key(box.bottom)

    def _place_key(self, below):
        lead = self.surface.leading
        self.key.place(self.start, below - 12 * lead, self.length, self.theme.activations)
        self.key.top.x = self.start + self.length  # where the histograms end, to a fraction of a pixel
        self.note.x, self.note.y = self.box.right, below - 24 * lead
        self.note.max_width = self.note.x - self.start - self.length - 12

    def middle(self, row):
        """Return the height of a row's middle."""
        return self.box[1] + self.box[3] - (row + 0.5) * self.row

    def floor(self, row):
        """Return the height on which a row's histogram stands."""
        return self.middle(row) - 0.4 * self.row

    def update(self, session, trace):
        """Show what the neuron does on all test digits, and what it says to each class."""
        self.profile = session.analysis.test_set.neuron_profile(session.layer, session.neuron)
        network, restored_trace = session.with_restored(session.layer, session.neuron)
        self.value = float(restored_trace.activations[session.layer][0, session.neuron])
        self.influences = logit_gradient(network, restored_trace, session.layer)[session.neuron].astype(np.float64)
        self.activation_text = ACTIVATION_TEXTS[network.layers[session.layer].activation]
        self.no_ablation_note = no_ablation_note(session)
        self.by_class = "by class" if session.has_labels else "by class read"
        self.limit = round_up(float(self.profile.edges[-1]))
        self._show_histogram()
        stretch = self.reach / (float(np.abs(self.influences).max()) or 1)
        for row, (name, weight) in enumerate(zip(self.class_names, self.influences, strict=True)):
            strong = {"color": "text", "bold": True} if row == session.selected_class else {}
            self.labels[row].set_runs((self.run(name, self.size, mono=True, **strong),))
            fired = share(int(self.profile.fires[row]), int(self.profile.class_counts[row]), 0)
            self.fires[row].set_runs((self.run(fired, READOUT_PT, mono=True, **strong),))
            sign = sign_word(weight)
            self.weights[row].set_runs((self.run(signed(weight), READOUT_PT, sign, mono=True),))
            thick, reach = 12 * self.surface.scale, weight * stretch
            self.bars[row].set_bounds(self.zero + min(0, reach), self.middle(row) - thick / 2, abs(reach), thick)
            self.bars[row].set_facecolor(getattr(self.theme, sign))
        last = session.layer == session.layers - 1
        self._label("weight to each class" if last else "worth to each class here",
                    "pushes by activation × weight" if last else f"influence in force at this {session.inputs.sample}")

    def _label(self, says, note):
        above = "fires" if not self.activation_text.signed else "> 0"
        longer = f"how strongly it fires, {self.by_class}", "how strongly"
        how = *(words + self.no_ablation_note for words in longer), self.by_class
        for head, words in zip(self.heads, (how, (above,), (says, "weight", "")), strict=True):
            head.set_runs(*((self.run(word),) for word in words))
        self.note.set_runs((self.run(note),), ())
        self.key.fill(self._table(), self.activation_text.signed, self.limit)
        end = key_end(self.limit)
        self.key.low.set_runs(self.key_end("−" + end if self.activation_text.signed else "0"))
        self.key.top.set_runs(self.key_end(end))

    def _table(self):
        return self.theme.signed if self.activation_text.signed else self.theme.activations

    def _show_histogram(self):
        """Stand a bar on each row's line for each bin; one scale for all rows."""
        low = -self.limit if self.activation_text.signed else 0
        edges = self.start + (self.profile.edges - low) / (self.limit - low) * self.length
        heights = self.profile.histogram / max(1, self.profile.histogram.max()) * 0.8 * self.row
        lefts, widths = np.broadcast_to(edges[:-1], heights.shape), np.diff(edges) - 0.5
        floors = np.array([self.floor(row) + 1 for row in range(len(heights))])[:, None]
        bounds = np.stack([lefts, np.broadcast_to(floors, heights.shape), np.broadcast_to(widths, heights.shape),
                           heights], axis=-1)
        centres = (self.profile.edges[:-1] + self.profile.edges[1:]) / 2
        colors = color_values(self._table(), centres, self.limit, self.activation_text.signed)
        colors = np.broadcast_to(colors, (*heights.shape, 4))
        filled = self.profile.histogram > 0
        self.histogram.set_blocks(bounds[filled], colors[filled])

    def grid(self, session):
        """Return a row for each class."""
        return len(self.class_names), 1

    def first_cell(self, session):
        """Begin at the selected class."""
        return session.selected_class, 0

    def cell_at(self, session, x, y):
        """Return the row at a point."""
        if not inside(self.box, x, y):
            return None
        return min(int((self.box[1] + self.box[3] - y) / self.row), len(self.class_names) - 1), 0

    def choose(self, session, row, column):
        """Select a class; once more: explain it."""
        return select_or_explain_class(session, row)

    def describe(self, session, row, column):
        """Say how often it fires for a class, and by how much it pushes it here."""
        count, fired = int(self.profile.class_counts[row]), int(self.profile.fires[row])
        figure = {"color": "text", "mono": True, "gap": 1.5}
        runs = [self.run(f"class {self.class_names[row]}", color="text", bold=True)]
        if not count:
            which = "of this class" if session.has_labels else "read as it"
            return (*runs, self.run(f"no test {session.inputs.sample} is {which}", gap=2)), None
        runs += [self.run("fires for" if not self.activation_text.signed else "above 0 for", gap=2),
                 self.run(f"{thousands(fired)} of {thousands(count)}", **figure),
                 *(() if session.has_labels else (self.run("read as it", gap=1),)), self.run("mean activation", gap=2),
                 self.run(self.activation_text.write(float(self.profile.mean_activations[row])), **figure)]
        return (*runs, *self._contribution_runs(session, row, float(self.influences[row]))), None

    def _contribution_runs(self, session, row, weight):
        """Return the runs that say by how much it pushes a class here, or what it would be worth to it."""
        if session.is_ablated(session.layer, session.neuron):
            words = "weight to it, silenced"
        elif not self.value:
            words = "weight to it, silent here"
        elif session.layer == session.layers - 1:
            return self.contribution_runs(session, row, self.value, weight)
        else:
            words = "worth to it here"
        return self.run(words, gap=2), self.run(signed(weight, 3), color="text", mono=True, gap=1.5)
