"""Formulas as values: figures and the words between them, a relation, and what comes out; they are printed here alone.

A formula is shown in two ways: in a line among other words (`Formula.line_runs`) and in a line of its own, larger, at
the end of a row (`Formula.row_runs`). Each takes ``run``, which makes a run in a window's type: `Panel.run`.
"""

from dataclasses import dataclass, replace

from neuralscope.visualizer.drawing.theme import LABEL_PT


@dataclass(frozen=True)
class Word:
    """A word among the figures; ``in_brackets``: it is the last thing in them, so the figures after it close them."""

    text: str
    in_brackets: bool = False


@dataclass(frozen=True)
class Formula:
    """``terms relation result``: each term is a string of figures, as ``0.5 × 0.25``, or a `Word`.

    ``relation``: =, <, > or ≈, or "" where the result stands alone or nothing comes out. ``value``: the number that
    ``result`` is written of, where its sign is to be seen.
    """

    terms: tuple = ()
    relation: str = ""
    result: str = ""
    value: float = 0

    @property
    def text(self):
        """The formula in a sentence, as ``0.5 × 0.25 = 0.125``."""
        return "".join(f"{space}{term.text if isinstance(term, Word) else term}" for space, term in _spaced(
            (*self.terms, *filter(None, (self.relation, self.result))))).lstrip()

    def named(self, name):
        """Return the formula with the name of what it is about before it."""
        return replace(self, terms=(Word(f"{name}:"), *self.terms))

    def figures_only(self):
        """Return the formula without its words."""
        figures = "".join(f"{space}{term}" for space, term in _spaced(self.terms) if not isinstance(term, Word))
        return replace(self, terms=(figures.lstrip(),) if figures else ())

    @property
    def wordings(self):
        """The formula, and a shorter one."""
        return self, self.figures_only()

    def line_runs(self, run):
        """Return the runs of the formula among other words: what comes out has the colour of its sign."""
        if not self.relation:
            return _term_runs((*self.terms, *filter(None, [self.result])), run, 1.5)
        *terms, last = self.terms
        terms += [f"{last} {self.relation}"] if isinstance(last, str) else [last, self.relation]
        color = "negative" if self.value < 0 else "positive" if self.value > 0 else "text"
        return [*_term_runs(terms, run, 1.5), run(self.result, color=color, mono=True, gap=1.5)]

    def row_runs(self, run):
        """Return the runs of the formula in a line of its own: what comes out is bold."""
        style = {"size": LABEL_PT, "color": "text", "mono": True}
        runs = _term_runs(self.terms, run, 1, size=LABEL_PT)
        runs += [run(self.relation, **style, gap=1.5)] if self.relation else []
        return runs + ([run(self.result, **style, bold=True, gap=1.5)] if self.result else [])


def _spaced(terms):
    """Yield each term after what parts it from the one before: nothing where it closes a word's brackets."""
    space = " "
    for term in terms:
        yield space, term
        space = "" if isinstance(term, Word) and term.in_brackets else " "


def _term_runs(terms, run, gap, **size):
    """Return the runs of terms: words small, figures ``gap`` spaces apart from what stands before them."""
    return [run(term.text, gap=1) if isinstance(term, Word) else run(
        term, **size, color="text", mono=True, gap=gap if space else 0) for space, term in _spaced(terms)]
