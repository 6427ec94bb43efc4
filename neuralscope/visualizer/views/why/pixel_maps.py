"""What the network looks for at this digit, pixel by pixel, and what it finds: signed pictures."""

import numpy as np

from neuralscope.analysis.attribution import smooth
from neuralscope.analysis.waterfall import printed_total
from neuralscope.formatting import number, parts_of, pixel_name, places, product, signed, sum_of
from neuralscope.visualizer.drawing.shapes import Outline
from neuralscope.visualizer.widgets.heatmap_panel import Captioned

INKED = 0.25  # ink from which a pixel belongs to the stroke that is outlined


class PixelMap(Captioned):
    """A signed picture with the stroke outlined, and its colour key below its caption."""

    what = ""  # the name of its colour scale

    def __init__(self, painter, pixels, with_key):
        """Make a picture of ``pixels`` cells; ``with_key``: the colour key stands below it."""
        side = int(pixels**0.5)
        super().__init__(painter, painter.theme.signed, (side, side), key_width=0, signed=True, with_key=with_key)
        self.outline = self.add(Outline(self.picture, painter.theme.muted))

    def paint(self, session, values, top):
        """Show values by pixel, and the stroke."""
        shape = self.picture.cells.shape[:2]
        self.show(values.reshape(shape), session.top(self.what, top))
        self.outline.set_mask(session.trace.images[0].reshape(shape) >= INKED)

    def choose(self, session, row, column):
        """Pixels cannot be chosen."""


def sums(session, chosen):
    """Return what the ink and what the constant add to a class's score, as printed: they add up to the printed score.

    None where there is no exact map.
    """
    constants = session.pixel_map[1]
    if constants is None:
        return None
    constant = round(float(constants[chosen]), 2)
    return parts_of(float(session.trace.sums[-1][0, chosen]), constant), constant


class Template(PixelMap):
    """The template in force for the class asked about, or for the one that it is compared with."""

    what = "template"

    def __init__(self, painter, pixels, compared):
        """``compared``: it is of the other class, if there is one."""
        super().__init__(painter, pixels, with_key=compared)
        self.compared = compared

    def of(self, session):
        """Return the class whose template it is."""
        return session.versus if self.compared and session.versus is not None else session.chosen

    def update(self, session, trace):
        """Show the template; both are on one scale."""
        self.show_if(self.compared or session.versus is not None)
        chosen, name = self.of(session), session.dataset.class_names[self.of(session)]
        weights, constants = session.pixel_map
        both = [one for one in (session.chosen, session.versus) if one is not None]
        self.paint(session, weights[chosen], np.abs(weights[both]).max())
        what = "template" if constants is not None else "gradient"
        longest = f"{what} for {name} in force" if constants is not None else f"{what} for {name}"
        self.title.set_runs(self.name(longest), self.name(f"{what} for {name}"), self.name(what))
        self.caption.set_runs(*((self.run(words),) for words in self.captions(session, chosen)))

    def captions(self, session, chosen):
        """Return what is said of the sum, longest first."""
        added = sums(session, chosen)
        if added is None:
            name = " and ".join(smooth(session.network, session.layers))
            return f"{name} bends: no exact template", f"{name} bends: not exact", "not exact"
        ink, constant = added
        score = number(float(session.trace.sums[-1][0, chosen]))
        return f"ink {number(ink)} {sum_of(constant).replace(' ', ' constant ')} = {score}", f"score {score}"

    def account(self, session, row, column):
        """Say what ink on a pixel is worth to the class."""
        pixel, chosen = row * self.picture.cells.shape[1] + column, self.of(session)
        ink, (weights, constants) = float(session.trace.images[0, pixel]), session.pixel_map
        what = "template" if constants is not None else "gradient"
        name = session.dataset.class_names[chosen]
        runs = [self.run(pixel_name(row, column), color="text", bold=True),
                self.run("ink", gap=2), self.run(number(ink), color="text", mono=True, gap=1.5),
                self.run(f"{what} for {name}", gap=2),
                self.run(signed(float(weights[chosen, pixel]), 3), color="text", mono=True, gap=1.5)]
        if ink and constants is not None:
            runs += self.push_runs(session, chosen, ink, float(weights[chosen, pixel]))
        elif constants is None:
            runs.append(self.run("how the score moves with a little more ink", gap=2))
        return tuple(runs), self.picture.cell_bounds(row, column)


class Evidence(PixelMap):
    """What each pixel adds to the score, or to the difference of two: template times ink."""

    what = "evidence"

    def __init__(self, painter, pixels):
        """Make the picture."""
        super().__init__(painter, pixels, with_key=True)

    def update(self, session, trace):
        """Show template times ink."""
        values = self.weights(session) * trace.images[0]
        self.paint(session, values, np.abs(values).max())
        names, exact = session.dataset.class_names, session.pixel_map[1] is not None
        minus = names[session.chosen] + ("" if session.versus is None else f" minus {names[session.versus]}")
        self.title.set_runs(self.name(f"({minus}) × ink" if session.versus is not None else f"{minus} × ink"),
                            self.name("× ink"))
        self.caption.set_runs(*((self.run(words),) for words in self.captions(session, exact)))

    def weights(self, session):
        """Return what ink on each pixel is worth."""
        weights, _ = session.pixel_map
        return weights[session.chosen] - (0 if session.versus is None else weights[session.versus])

    def captions(self, session, exact):
        """Return what is said of the sum: the difference of what the templates say."""
        if not exact:
            return "gradient × ink: does not add up", "does not add up"
        ink, constant = sums(session, session.chosen)
        if session.versus is not None:
            other = sums(session, session.versus)
            ink, constant = ink - other[0], constant - other[1]
        total = number(printed_total(session.trace.sums[-1][0], session.chosen, session.versus))
        return f"ink {number(ink)} {sum_of(constant).replace(' ', ' constant ')} = {total}", f"sum {total}"

    def account(self, session, row, column):
        """Say what a pixel adds, and why."""
        pixel = row * self.picture.cells.shape[1] + column
        ink, weight = float(session.trace.images[0, pixel]), float(self.weights(session)[pixel])
        weights, constants = session.pixel_map
        what = "template" if constants is not None else "gradient"
        names, figures = session.dataset.class_names, {"color": "text", "mono": True, "gap": 1.5}
        label, sum_words = f"{what} {names[session.chosen]}", signed(weight, 3)
        if session.versus is not None:
            one, other = (round(float(weights[k, pixel]), 3) for k in (session.chosen, session.versus))
            label = f"{what} {names[session.chosen]} minus {names[session.versus]}"
            sign = "+" if other <= 0 else "−"
            sum_words = f"{number(one, 3)} {sign} {number(abs(other), 3)} = {number(one - other, 3)}"
        runs = [self.run(pixel_name(row, column), color="text", bold=True), self.run("ink", gap=2),
                self.run(number(ink), **figures), self.run(label, gap=2), self.run(sum_words, **figures)]
        push = ink * weight
        if push:
            runs += [self.run("pushes", gap=2), self.run(f"{product(ink, weight)} =", **figures),
                     self.run(signed(push, places(push)), color="negative" if push < 0 else "positive", mono=True,
                              gap=1.5), self.run(f"to {names[session.chosen]}", gap=1)]
        return tuple(runs), self.picture.cell_bounds(row, column)
