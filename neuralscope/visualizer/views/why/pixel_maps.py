"""The local linear map of the network at this digit, and what each pixel contributes: signed pictures."""


from neuralscope.analysis.attribution import smooth_activations
from neuralscope.analysis.waterfall import printed_total
from neuralscope.formatting import (
    MINUS,
    decimals_needed,
    number,
    printed_remainder,
    product_factors,
    sign_word,
    signed,
)
from neuralscope.visualizer.drawing.formula import Formula, Word
from neuralscope.visualizer.drawing.shapes import Outline
from neuralscope.visualizer.drawing.theme import largest_size
from neuralscope.visualizer.widgets.heatmap_panel import HeatmapPanel
from neuralscope.visualizer.widgets.weighted_sum import stroke_mask


class PixelMap(HeatmapPanel):
    """A signed picture with the stroke outlined, and its colour key below its caption."""

    scale_name = ""  # the name of its colour scale

    def __init__(self, surface, inputs, with_key):
        """Make a picture of `Inputs`; ``with_key``: the colour key stands below it."""
        super().__init__(surface, surface.theme.signed, inputs.shape, key_width=0, signed=True, with_key=with_key,
                         inputs=inputs)
        self.outline = self.add(Outline(self.picture, surface.theme.muted))

    def paint(self, session, values, top):
        """Show values by pixel, and the stroke."""
        self.show(values.reshape(self.inputs.shape), session.top(self.scale_name, top))
        self.outline.set_mask(stroke_mask(session))

    def choose(self, session, row, column):
        """Pixels cannot be selected."""


def ink_and_constant(session, selected_class):
    """Return what the ink and what the constant add to a class's score, as printed: they add up to the printed score.

    None where there is no exact map.
    """
    constants = session.pixel_map[1]
    if constants is None:
        return None
    constant = round(float(constants[selected_class]), 2)
    return printed_remainder(float(session.trace.sums[-1][0, selected_class]), constant), constant


def ink_and_constant_formula(ink, constant, total, name="ink"):
    """Return the `Formula` of what the ink, called ``name``, and the constant add up to, printed as ``total``."""
    sign = MINUS if round(constant, 2) < 0 else "+"
    return Formula((Word(name), number(ink), sign, Word("constant"), number(abs(constant))), "=", total)


class LocalLinearMapPanel(PixelMap):
    """The local linear map, called template, of the class selected or of the contrast class."""

    scale_name = "template"

    def __init__(self, surface, inputs, compared):
        """``compared``: it is of the contrast class, if there is one."""
        super().__init__(surface, inputs, with_key=compared)
        self.is_contrast = compared

    def mapped_class(self, session):
        """Return the class whose map it is."""
        is_contrast = self.is_contrast and session.contrast_class is not None
        return session.contrast_class if is_contrast else session.selected_class

    def update(self, session, trace):
        """Show the map; both are on one scale."""
        self.show_if(self.is_contrast or session.contrast_class is not None)
        selected_class, name = self.mapped_class(session), session.dataset.class_names[self.mapped_class(session)]
        weights, constants = session.pixel_map
        both = [index for index in (session.selected_class, session.contrast_class) if index is not None]
        self.paint(session, weights[selected_class], largest_size(weights[both]))
        map_kind = "template" if constants is not None else "gradient"
        longest = f"{map_kind} for {name} in force" if constants is not None else f"{map_kind} for {name}"
        self.title.set_runs(self.name(longest), self.name(f"{map_kind} for {name}"), self.name(map_kind))
        self.caption.set_runs(*((self.run(words),) for words in self.captions(session, selected_class)))

    def captions(self, session, selected_class):
        """Return what is said of the sum, longest first."""
        parts = ink_and_constant(session, selected_class)
        if parts is None:
            name = " and ".join(smooth_activations(session.network, session.layers))
            return f"{name} bends: no exact template", f"{name} bends: not exact", "not exact"
        ink, constant = parts
        score = number(float(session.trace.sums[-1][0, selected_class]))
        return ink_and_constant_formula(ink, constant, score, self.inputs.quantity).text, f"score {score}"

    def describe(self, session, row, column):
        """Say what ink on a pixel is worth to the class."""
        pixel, selected_class = row * self.picture.cells.shape[1] + column, self.mapped_class(session)
        ink, (weights, constants) = float(session.trace.images[0, pixel]), session.pixel_map
        map_kind = "template" if constants is not None else "gradient"
        name = session.dataset.class_names[selected_class]
        runs = [self.run(self.inputs.name(pixel), color="text", bold=True),
                self.run(self.inputs.quantity, gap=2), self.run(number(ink), color="text", mono=True, gap=1.5),
                self.run(f"{map_kind} for {name}", gap=2),
                self.run(signed(float(weights[selected_class, pixel]), 3), color="text", mono=True, gap=1.5)]
        if ink and constants is not None:
            runs += self.contribution_runs(session, selected_class, ink, float(weights[selected_class, pixel]))
        elif constants is None:
            runs.append(self.run(f"how the score moves with a little more {self.inputs.quantity}", gap=2))
        return tuple(runs), self.picture.cell_bounds(row, column)


class PixelContributions(PixelMap):
    """What each pixel adds to the score, or to the difference of two: local linear map times ink."""

    scale_name = "evidence"

    def __init__(self, surface, inputs):
        """Make the picture."""
        super().__init__(surface, inputs, with_key=True)

    def update(self, session, trace):
        """Show the map times ink."""
        values = self.weights(session) * trace.images[0]
        self.paint(session, values, largest_size(values))
        names, adds_up = session.dataset.class_names, session.pixel_map[1] is not None
        title = f"{names[session.selected_class]} × {self.inputs.quantity}"
        if session.contrast_class is not None:
            title = f"({names[session.selected_class]} minus {names[session.contrast_class]}) × {self.inputs.quantity}"
        self.title.set_runs(self.name(title), self.name(f"× {self.inputs.quantity}"))
        self.caption.set_runs(*((self.run(words),) for words in self.captions(session, adds_up)))

    def weights(self, session):
        """Return what ink on each pixel is worth."""
        weights, _ = session.pixel_map
        return weights[session.selected_class] - (
            0 if session.contrast_class is None else weights[session.contrast_class])

    def captions(self, session, adds_up):
        """Return what is said of the sum, longest first: the difference of what the maps' captions say."""
        if not adds_up:
            return f"gradient × {self.inputs.quantity}: does not add up", "does not add up"
        ink, constant = ink_and_constant(session, session.selected_class)
        if session.contrast_class is not None:
            other = ink_and_constant(session, session.contrast_class)
            ink, constant = ink - other[0], constant - other[1]
        total = number(printed_total(session.trace.sums[-1][0], session.selected_class, session.contrast_class))
        return ink_and_constant_formula(ink, constant, total, self.inputs.quantity).text, f"sum {total}"

    def describe(self, session, row, column):
        """Say what a pixel adds, and why."""
        pixel = row * self.picture.cells.shape[1] + column
        ink, weight = float(session.trace.images[0, pixel]), float(self.weights(session)[pixel])
        weights, constants = session.pixel_map
        map_kind = "template" if constants is not None else "gradient"
        names, figures = session.dataset.class_names, {"color": "text", "mono": True, "gap": 1.5}
        label, sum_words = f"{map_kind} {names[session.selected_class]}", signed(weight, 3)
        if session.contrast_class is not None:
            classes = session.selected_class, session.contrast_class
            selected_worth, contrast_worth = (round(float(weights[index, pixel]), 3) for index in classes)
            label = f"{map_kind} {names[session.selected_class]} minus {names[session.contrast_class]}"
            terms = number(selected_worth, 3), "+" if contrast_worth <= 0 else MINUS, number(abs(contrast_worth), 3)
            sum_words = Formula(terms, "=", number(selected_worth - contrast_worth, 3)).text
        runs = [self.run(self.inputs.name(pixel), color="text", bold=True), self.run(self.inputs.quantity, gap=2),
                self.run(number(ink), **figures), self.run(label, gap=2), self.run(sum_words, **figures)]
        contribution = ink * weight
        if contribution:
            color = {**figures, "color": sign_word(contribution)}
            runs += [self.run("pushes", gap=2), self.run(f"{product_factors(ink, weight)} =", **figures),
                     self.run(signed(contribution, decimals_needed(contribution)), **color),
                     self.run(f"to {names[session.selected_class]}", gap=1)]
        return tuple(runs), self.picture.cell_bounds(row, column)
