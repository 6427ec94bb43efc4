"""What the network is without one neuron: errors before and after, of this neuron and of each other, by class."""

import numpy as np

from neuralscope.network.ablation import silence
from neuralscope.visualizer.keys import WINDOW
from neuralscope.visualizer.panels.formulas import HEADS
from neuralscope.visualizer.panels.panel import Panel, inside
from neuralscope.visualizer.shapes import Block, Blocks
from neuralscope.visualizer.style import CAPTION, HEADLINE, NAME, rgb
from neuralscope.visualizer.text import Line
from neuralscope.visualizer.wording import change, thousands


class Loss:
    """The test set with the chosen neuron awake and silenced, whatever others are: two evaluations and two traces."""

    def __init__(self, session):
        """Compute what is not there."""
        layer, neuron, survey = session.layer, session.neuron, session.study.survey
        self.silenced = session.is_silenced(layer, neuron)
        others = session.silenced.get(layer, frozenset()) - {neuron}
        self.others = sum(map(len, session.silenced.values())) - self.silenced
        awake, asleep = session.silenced | {layer: others}, session.silenced | {layer: others | {neuron}}
        self.before, self.after = (
            session.evaluation if now else survey.evaluate_silenced(silenced)
            for silenced, now in ((awake, not self.silenced), (asleep, self.silenced)))
        self.outputs = [silence(session.model.network, silenced).forward(session.image).outputs[0]
                        for silenced in (awake, asleep)]
        was_right, is_right = (one.predictions == one.labels for one in (self.before, self.after))
        self.newly_wrong = int(np.count_nonzero(was_right & ~is_right))
        self.newly_right = int(np.count_nonzero(~was_right & is_right))

    def by_class(self, evaluation):
        """Return the errors of each class."""
        return evaluation.confusion.sum(axis=1) - np.diag(evaluation.confusion)


class Silenced(Panel):
    """Errors and this digit's probability before and after, in large figures; a click silences or wakes."""

    def __init__(self, painter):
        """Make the lines."""
        super().__init__(painter)
        self.title, self.figures, self.switch = self.add(Line()), self.add(Line()), self.add(Line())
        self.lines = [self.add(Line()) for _ in range(3)]

    def place(self, left, top, width):
        """Put the lines below each other."""
        lead = self.painter.leading
        self.title.x, self.title.y = left, top - 14 * lead
        self.figures.x, self.figures.y = left, top - 52 * lead
        for place, line in enumerate(self.lines):
            line.x, line.y, line.max_width = left, top - (76 + 18 * place) * lead, width
        self.box = left, self.lines[-1].y - 4, width, top - self.lines[-1].y

    def show(self, session, loss):
        """Set the figures."""
        count, state = thousands(loss.after.count), "silenced" if loss.silenced else "if silenced"
        self.title.set_runs((self.run(state, NAME, "text", bold=loss.silenced),
                             self.run("x", CAPTION, "text", mono=True, gap=2),
                             self.run("wakes it" if loss.silenced else "silences it", gap=1)))
        before, after = loss.before.errors, loss.after.errors
        self.figures.set_runs((self.run(f"{thousands(before)} → {thousands(after)}", HEADLINE, "text", bold=True),))
        beside = f", beside {loss.others} others" if loss.others > 1 else ", beside another" if loss.others else ""
        self.lines[0].set_runs((self.run(f"errors of {count} with this neuron held at 0{beside}"),),
                               (self.run(f"errors of {count}{beside}"),), (self.run(f"errors of {count}"),))
        self.lines[1].set_runs((self.run(f"{thousands(loss.newly_wrong)} newly wrong, "
                                         f"{thousands(loss.newly_right)} newly right"),))
        head, chosen = HEADS[session.network.layers[-1].activation], session.chosen
        one, other = (head.write(outputs[chosen]) for outputs in loss.outputs)
        self.lines[2].set_runs(
            (self.run(f"{head.name} of {session.dataset.class_names[chosen]}, this digit:"),
             self.run(f"{one} → {other}", color="text", mono=True, gap=1)),
            (self.run(f"{one} → {other}", color="text", mono=True),))

    def action_at(self, x, y):
        """Return the binding that silences or wakes."""
        return WINDOW.find("x") if inside(self.box, x, y) else None


class AllSilenced(Panel):
    """How many errors each neuron of the layer costs when it alone is silenced, the costliest first; ours is marked."""

    def __init__(self, painter):
        """Make the bars."""
        super().__init__(painter)
        self.axis, self.bars, self.mark = self.add(Block(self.theme.faint)), self.add(Blocks()), self.add(Blocks())
        self.label, self.caption = self.add(Line()), self.add(Line())
        self.knock_outs = None

    def place(self, left, top, width, height):
        """Stand the bars in a box; the caption below it."""
        lead = self.painter.leading
        self.box = left, top - height, width, height
        self.caption.x, self.caption.y, self.caption.max_width = left, top - height - 18 * lead, width

    def update(self, session, trace):
        """Show all, once they are counted."""
        survey = session.study.survey
        self.knock_outs = survey.knock_outs(session.layer) if survey.has_knock_outs(session.layer) else None
        for artist in (self.axis, self.bars, self.mark, self.label):
            artist.set_visible(self.knock_outs is not None)
        if self.knock_outs is None:
            self.caption.set_runs((self.run("each neuron silenced: being counted"),))
            return
        costs = self.knock_outs.errors - self.knock_outs.errors_before
        self.sorted = np.argsort(self.knock_outs.ranks)
        bounds = self._bounds(costs[self.sorted])
        rank = int(self.knock_outs.ranks[session.neuron])
        self.bars.set_blocks(bounds, np.tile((*rgb(self.theme.others), 255), (len(bounds), 1)))
        marked = bounds[rank].copy()
        marked[2] = max(marked[2], 2)
        marked[1], marked[3] = min(marked[1], self.zero - 4), max(marked[3], 8)
        self.mark.set_blocks(marked, [(*rgb(self.theme.accent), 255)])
        self._say(session, int(costs[session.neuron]), rank, len(costs))

    def _say(self, session, cost, rank, count):
        left, bottom, width, height = self.box
        x = left + (rank + 0.5) * width / count
        self.label.align = "left" if x < left + width / 2 else "right"
        self.label.x = x + (6 if self.label.align == "left" else -6) * self.painter.scale
        self.label.y = bottom + height - 10 * self.painter.leading
        self.label.set_runs((self.run(change(cost), color="accent", mono=True),))
        if count == 1:
            words = ("the only neuron silenced",)
        elif rank == 0:
            words = (f"each of the {thousands(count)} silenced alone: this one costs the most",
                     "silenced: costs the most")
        else:
            words = (f"each of the {thousands(count)} silenced alone: this one is number {thousands(rank + 1)}",
                     f"each silenced alone: number {thousands(rank + 1)} of {thousands(count)}",
                     f"number {thousands(rank + 1)} of {thousands(count)}")
        self.caption.set_runs(*((self.run(one),) for one in words))

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
        return (1, len(self.sorted)) if self.knock_outs is not None else None

    def first_spot(self, session):
        """Begin at the neuron chosen."""
        return 0, int(self.knock_outs.ranks[session.neuron])

    def spot_at(self, session, x, y):
        """Return the bar at a point."""
        if self.knock_outs is None or not inside(self.box, x, y):
            return None
        return 0, min(int((x - self.box[0]) / self.box[2] * len(self.sorted)), len(self.sorted) - 1)

    def choose(self, session, row, column):
        """Choose a neuron."""
        session.choose_neuron(session.layer, int(self.sorted[column]))

    def account(self, session, row, column):
        """Say what silencing a neuron does."""
        neuron, known = int(self.sorted[column]), self.knock_outs
        figure = {"color": "text", "mono": True, "gap": 1.5}
        left, bottom, width, height = self.box
        step = width / len(self.sorted)
        wrong, right = len(known.newly_wrong(neuron)), len(known.newly_right(neuron))
        runs = (self.run(f"neuron {neuron} silenced alone", color="text", bold=True),
                self.run(f"{thousands(known.errors_before)} → {thousands(int(known.errors[neuron]))}", **figure),
                self.run("errors", gap=1),
                self.run(f"{wrong} newly wrong, {right} newly right", gap=2),
                self.run(f"number {column + 1} of {thousands(len(self.sorted))} by cost", gap=2))
        return runs, (left + column * step, bottom, max(step, 2), height)


class ErrorsByClass(Panel):
    """Errors of each class before, after, and the change."""

    def __init__(self, painter, classes):
        """Make a column for each class."""
        super().__init__(painter)
        self.heads = [self.add(Line()) for _ in range(4)]
        self.cells = [[self.add(Line(align="right")) for _ in range(classes)] for _ in range(4)]
        self.rule = self.add(Block(self.theme.hairline))

    def place(self, left, top, width):
        """Put the rows below each other."""
        lead, classes = self.painter.leading, len(self.cells[0])
        heads = 62 * self.painter.scale + 6
        self.left, self.step, self.heights = left + heads, (width - heads) / classes, [14, 40, 60, 84]
        for row, (head, cells) in enumerate(zip(self.heads, self.cells, strict=True)):
            head.x, head.y = left, top - self.heights[row] * lead
            for column, cell in enumerate(cells):
                cell.x, cell.y = self.left + (column + 1) * self.step, head.y
        self.rule.set_bounds(left, top - 68 * lead, width, 1)
        self.box = self.left, top - 92 * lead, width - heads, 92 * lead

    def show(self, session, loss):
        """Set the figures."""
        names = session.dataset.class_names
        short = names if max(map(len, names)) <= 2 else tuple(map(str, range(len(names))))
        before, after = loss.by_class(loss.before), loss.by_class(loss.after)
        rows = short, before, after, after - before
        writers = str, thousands, thousands, change
        for head, words in zip(self.heads, ("class", "errors", "silenced", "change"), strict=True):
            head.set_runs((self.run(words, color="text" if words == "silenced" else None),))
        for row, (values, write) in enumerate(zip(rows, writers, strict=True)):
            for column, value in enumerate(values):
                changed = row == 3 and value != 0
                strong = changed or (row == 0 and column == session.chosen)
                words, color = write(value if row == 0 else int(value)), "text" if strong or row in (0, 2) else None
                self.cells[row][column].set_runs((self.run(words, mono=True, bold=strong, color=color),))
        self.values = before, after

    def grid(self, session):
        """Return a column for each class."""
        return 1, len(self.cells[0])

    def spot_at(self, session, x, y):
        """Return the column at a point."""
        return (0, int((x - self.box[0]) / self.step)) if inside(self.box, x, y) else None

    def choose(self, session, row, column):
        """Ask about a class."""
        session.ask(column)

    def account(self, session, row, column):
        """Say what becomes of the errors of a class."""
        before, after = (int(values[column]) for values in self.values)
        count = int(session.evaluation.confusion[column].sum())
        return (self.run(f"class {session.dataset.class_names[column]}", color="text", bold=True),
                self.run(f"{thousands(count)} test digits, misread", gap=2),
                self.run(f"{thousands(before)} → {thousands(after)}", color="text", mono=True, gap=1.5),
                self.run(f"with neuron {session.neuron} silenced: {change(after - before)}", gap=2)), None
