"""What each single neuron of a layer costs when it is ablated."""

import numpy as np

from neuralscope.formatting import counted, signed_count, thousands
from neuralscope.visualizer.drawing.shapes import Block, Blocks
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import rgb
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.panel import Panel, inside


class AblationRanking(Panel):
    """How many errors each neuron of the layer costs when it alone is ablated, the costliest first; ours is marked.

    Without labels: how many answers change.
    """

    def __init__(self, surface):
        """Make the bars."""
        super().__init__(surface)
        self.axis, self.bars, self.mark = self.add(Block(self.theme.faint)), self.add(Blocks()), self.add(Blocks())
        self.label, self.caption = self.add(Line()), self.add(Line())
        self.single_ablations = None

    def place(self, box):
        """Stand the bars in a box; the caption below it."""
        lead = self.surface.leading
        self.box = box
        self.caption.x, self.caption.y, self.caption.max_width = box.left, box.bottom - 18 * lead, box.width

    def update(self, session, trace):
        """Show all, once they are counted."""
        test_set = session.analysis.test_set
        self.single_ablations = (test_set.single_ablations(session.layer)
                                 if test_set.has_single_ablations(session.layer) else None)
        for artist in (self.axis, self.bars, self.mark, self.label):
            artist.set_visible(self.single_ablations is not None)
        if self.single_ablations is None:
            counting = test_set.prepares_single_ablations(session.layer)
            words = ("each neuron silenced alone: being counted",) if counting else (
                "so large a layer is not counted neuron by neuron", "not counted for so large a layer")
            self.caption.set_runs(*((self.run(wording),) for wording in words))
            return
        costs = self.single_ablations.costs
        self.sorted = np.argsort(self.single_ablations.ranks)
        bounds = self._bounds(costs[self.sorted])
        rank = int(self.single_ablations.ranks[session.neuron])
        self.bars.set_blocks(bounds, np.tile((*rgb(self.theme.others), 255), (len(bounds), 1)))
        marked = bounds[rank].copy()
        marked[2] = max(marked[2], 2)
        marked[1], marked[3] = min(marked[1], self.zero - 4), max(marked[3], 8)
        self.mark.set_blocks(marked, [(*rgb(self.theme.accent), 255)])
        self._show_caption(int(costs[session.neuron]), rank, len(costs), session.has_labels)

    def _show_caption(self, cost, rank, count, has_labels):
        left, bottom, width, height = self.box
        x = left + (rank + 0.5) * width / count
        self.label.align = "left" if x < left + width / 2 else "right"
        aside = max(6 * self.surface.scale, width / count / 2 + 3)  # beside the bar, however wide
        self.label.x = x + (aside if self.label.align == "left" else -aside)
        self.label.y = bottom + height - 10 * self.surface.leading
        self.label.set_runs((self.run(signed_count(cost) if has_labels else thousands(cost), color="accent",
                                      mono=True),))
        most = "costs the most" if has_labels else "changes most answers"
        if count == 1:
            words = ("the only neuron silenced",)
        elif rank == 0:
            words = (f"each of the {thousands(count)} silenced alone: this one {most}", f"silenced: {most}")
        else:
            words = (f"each of the {thousands(count)} silenced alone: this one is number {thousands(rank + 1)}",
                     f"each silenced alone: number {thousands(rank + 1)} of {thousands(count)}",
                     f"number {thousands(rank + 1)} of {thousands(count)}")
        self.caption.set_runs(*((self.run(wording),) for wording in words))

    def _bounds(self, costs):
        """Return the bars' ``(left, bottom, width, height)``: up for more errors, down for fewer."""
        left, bottom, width, height = self.box
        most, least = max(0, int(costs.max())), min(0, int(costs.min()))
        unit = height / ((most - least) or 1)
        self.zero = bottom - least * unit
        self.axis.set_bounds(left, self.zero, width, 1)
        step = width / len(costs)
        lefts = left + np.arange(len(costs)) * step
        gap = 1 if step >= 3 else 0
        return np.stack([lefts, self.zero + np.minimum(costs, 0) * unit, np.full(len(costs), step - gap),
                         np.abs(costs) * unit], axis=1)

    def grid(self, session):
        """Return a column for each neuron."""
        return (1, len(self.sorted)) if self.single_ablations is not None else None

    def first_cell(self, session):
        """Begin at the selected neuron."""
        return 0, int(self.single_ablations.ranks[session.neuron])

    def cell_at(self, session, x, y):
        """Return the bar at a point."""
        if self.single_ablations is None or not inside(self.box, x, y):
            return None
        return 0, min(int((x - self.box[0]) / self.box[2] * len(self.sorted)), len(self.sorted) - 1)

    def choose(self, session, row, column):
        """Choose a neuron."""
        session.selection.select_neuron(session.layer, int(self.sorted[column]))

    def describe(self, session, row, column):
        """Say what silencing a neuron does."""
        neuron, known = int(self.sorted[column]), self.single_ablations
        figure = {"color": "text", "mono": True, "gap": 1.5}
        left, bottom, width, height = self.box
        step = width / len(self.sorted)
        runs = (self.run(f"{neuron_name(session, session.layer, neuron)} silenced alone", color="text", bold=True),)
        if session.has_labels:
            wrong, right = len(known.newly_wrong(neuron)), len(known.newly_right(neuron))
            runs += (self.run(f"{thousands(known.errors_before)} → {thousands(int(known.errors[neuron]))}", **figure),
                     self.run("errors", gap=1), self.run(f"{wrong} newly wrong, {right} newly right", gap=2))
        else:
            runs += (self.run(thousands(int(known.costs[neuron])), **figure),
                     self.run(f"of {counted(len(session.digits), session.inputs.sample)} are read otherwise", gap=1))
        runs += (self.run(f"number {column + 1} of {thousands(len(self.sorted))} by "
                          f"{'cost' if session.has_labels else 'that'}", gap=2),)
        return runs, (left + column * step, bottom, max(step, 2), height)
