"""The list of checks: a mark, a name and a figure each, with a sentence and the remedy as far as there is room."""

from neuralscope.checkup.checks import CHECKS
from neuralscope.checkup.report_text import MARKS, follows_text
from neuralscope.visualizer.drawing.shapes import Block
from neuralscope.visualizer.drawing.text import Line
from neuralscope.visualizer.drawing.theme import LABEL_PT, NAME_PT
from neuralscope.visualizer.widgets.panel import Panel, inside

# How high a line may be: one that has a name alone, with a sentence, and with a remedy too; the first that fits.
HEIGHTS = ((46, 46, 64), (42, 42, 60), (38, 38, 56), (24, 42, 60), (22, 40, 58), (20, 38, 56), ())
MOST_SPARE = 10  # units that a line may be higher where there is room that names alone leave
SPARSE = 3  # of these, from which on what passed has its name alone; in the last all have but the chosen one
COLORS = {True: "right", False: "wrong", None: "muted"}
NUMBER_RIGHT, MARK_LEFT, NAME_LEFT, FIGURE_RIGHT = 34, 50, 74, 12  # units from the list's edges


class CheckList(Panel):
    """A line a check; the chosen one has a ground and the accent's edge."""

    def __init__(self, surface, count, open_chosen):
        """Make the lines of ``count`` checks; ``open_chosen()`` opens the view where the chosen one shows."""
        super().__init__(surface)
        self.open_chosen = open_chosen
        self.ground, self.edge = self.add(Block(self.theme.panel, zorder=0.5)), self.add(Block(self.theme.accent))
        self.rules = [self.add(Block(self.theme.panel, zorder=0.4)) for _ in range(count)]
        self.numbers, self.figures = ([self.add(Line(align="right")) for _ in range(count)] for _ in "12")
        self.marks, self.names, self.sentences, self.remedies = ([self.add(Line()) for _ in range(count)]
                                                                 for _ in "1234")
        self.rows, self._shortened = [], {}

    def place(self, box):
        """Stand in a box."""
        self.box, self._shortened = box, {}

    # What they show

    def update(self, session, trace):
        """Show the results that are there."""
        results = session.check_ups.current.results
        chosen = session.check_ups.index
        heights, kinds, spare = self._heights(results, chosen)
        top, lead = self.box.top, self.surface.leading
        self.rows = []
        for place, (check, height, kind) in enumerate(zip(CHECKS, heights, kinds, strict=True)):
            result = results[place] if place < len(results) else None
            bottom = top - height - spare
            self.rows.append((self.box.left, bottom, self.box.width, height + spare))
            self.rules[place].set_bounds(self.box.left, bottom, self.box.width, 1)
            self._show_row(place, check, result, top - spare / 2, kind)
            top = bottom
        left, bottom, width, height = self.rows[chosen]
        self.ground.set_bounds(left, bottom + 1, width, height - 1)
        self.edge.set_bounds(left, bottom + 1, 3 * min(1, lead), height - 1)

    def _heights(self, results, chosen):
        """Return how high each line is, what it has, and what each may have of the room that names alone leave.

        What it has: 0 its name alone, 1 a sentence too, 2 and a remedy.
        """
        places = range(len(CHECKS))
        for number, heights in enumerate(HEIGHTS):
            kinds = [self._kind(results, place, number >= SPARSE) for place in places]
            if number == len(HEIGHTS) - 1:
                kinds = [kind if place == chosen else 0 for place, kind in enumerate(kinds)]
                heights = HEIGHTS[-2]
            found = [self.surface.leading * heights[kind] for kind in kinds]
            if sum(found) <= self.box.height:
                break
        spare = max(0, self.box.height - sum(found)) / len(found) if number >= SPARSE else 0
        return found, kinds, min(spare, MOST_SPARE * self.surface.leading)

    def _kind(self, results, place, sparse):
        """Return what a line has."""
        result = results[place] if place < len(results) else None
        if result is not None and result.passed is False:
            return 2 if result.remedy else 1
        return 0 if sparse else 1

    def _show_row(self, place, check, result, top, kind):
        """Show a line whose upper edge is at ``top``."""
        lead, scale, left = self.surface.leading, self.surface.scale, self.box.left
        baseline, name_left = top - (17 if kind else 15) * lead, left + NAME_LEFT * scale
        right = self.box.right - FIGURE_RIGHT * scale
        failed = result is not None and result.passed is False
        for line, x, y in ((self.numbers[place], left + NUMBER_RIGHT * scale, baseline),
                           (self.marks[place], left + MARK_LEFT * scale, baseline),
                           (self.names[place], name_left, baseline), (self.figures[place], right, baseline),
                           (self.sentences[place], name_left, baseline - 17 * lead),
                           (self.remedies[place], name_left, baseline - 34 * lead)):
            line.x, line.y = x, y
        self.numbers[place].set_runs((self.run(str(place + 1), mono=True),))
        passed = result.passed if result else None
        self.marks[place].set_runs((self.run(MARKS[passed], LABEL_PT, COLORS[passed], bold=bool(failed)),))
        tried = result is not None and passed is not None
        self.names[place].set_runs((self.run(check.name, NAME_PT, "text" if tried else "muted"),))
        figure = self.run(result.figure, NAME_PT, "text" if failed else "muted", mono=True, bold=failed) if (
            result and result.figure) else None
        self.figures[place].set_runs((figure,) if figure else ())
        width = right - name_left
        words = "" if not kind or not result else self._fitting(sentence_of(result), width)
        self.sentences[place].set_runs((self.run(words),) if words else ())
        remedy = self._fitting(f"→ {result.remedy}", width) if failed and kind == 2 else ""
        self.remedies[place].set_runs((self.run(remedy, color="text"),) if remedy else ())

    def _fitting(self, text, width):
        """Return as many words of a text as have room, with dots for the others."""
        if (text, width) not in self._shortened:
            words, measure = text.split(" "), self.names[0].measure
            low, high = 0, len(words)
            while low < high:  # how many words fit
                middle = (low + high + 1) // 2
                fits = measure((self.run(" ".join(words[:middle]) + " …" * (middle < len(words))),)) <= width
                low, high = (middle, high) if fits else (low, middle - 1)
            self._shortened[text, width] = " ".join(words[:low]) + " …" * (low < len(words))
        return self._shortened[text, width]

    # Cells: one a line

    def grid(self, session):
        """Return a cell a check."""
        return len(CHECKS), 1

    def first_cell(self, session):
        """Begin at the chosen one."""
        return session.check_ups.index, 0

    def focus_moved(self, session, row, column):
        """Choose the line that the cursor has moved to."""
        session.check_ups.selected = row

    def cell_at(self, session, x, y):
        """Return the line at a point."""
        return next(((place, 0) for place, bounds in enumerate(self.rows) if inside(bounds, x, y)), None)

    def choose(self, session, row, column):
        """Choose a line; the chosen one opens where it shows."""
        if row == session.check_ups.index:
            return self.open_chosen()
        session.check_ups.selected = row
        return None

    def describe(self, session, row, column):
        """Say what a check found."""
        results = session.check_ups.current.results
        name = self.run(CHECKS[row].name, color="text", bold=True)
        if row >= len(results):
            return (name, self.run("not done yet", gap=2)), None
        figure = [self.run(results[row].figure, color="text", mono=True, gap=2)] if results[row].figure else []
        words = [*figure, *(self.run(part, gap=2) for part in sentence_of(results[row]).split("; "))]
        remedy = [self.run(f"→ {results[row].remedy}", color="text", gap=2)] if results[row].remedy else []
        return (name, *words, *remedy), None


def sentence_of(result):
    """Return what a check found, and where that comes from."""
    return "; ".join(filter(None, (result.explanation, follows_text(result))))
