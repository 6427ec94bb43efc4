"""The person's own digit: a pad to draw on, how the drawing becomes 28 x 28, and what the network makes of it."""

from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.prompts import LabelPrompt
from neuralscope.visualizer.input.results import Ask, OpenView, Say
from neuralscope.visualizer.session.user_digit import STROKE_WIDTH_RANGE
from neuralscope.visualizer.views.draw.pad import Pad
from neuralscope.visualizer.views.draw.preprocessing_strip import PreprocessingStrip, centre_of_mass_runs
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.hidden_layers import LABELS_HEIGHT, HiddenLayers
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.slider import Slider
from neuralscope.visualizer.widgets.view import View

MIN_SLIDER_LENGTH = 60  # units that a slider needs


class DrawHeadline(Headline):
    """What the network reads, or what to do."""

    def wordings(self, session, trace):
        """Return the wordings; where there is no ink there is no verdict."""
        if session.user_digit.preprocessed is None:
            asks, how = (("draw a digit", "by mouse, pen or finger") if session.user_digit.empty else
                         ("no ink", "is left by the steps that are on; switch on another"))
            head = (self.run(asks, HEADLINE_PT, "text", bold=True),)
            return (*head, self.run(how, LABEL_PT, gap=3)), head
        return super().wordings(session, trace)


class DrawView(View):
    """Pad, filmstrip, hidden activations and ranked guesses; all follow the pen."""

    key, title = "d", "draw"
    headline_class = DrawHeadline
    bindings = KeyTable([
        Binding(("z", "backspace"), "undo", "take the last stroke back", "undo"),
        Binding(("Z",), "redo", "draw again what was taken back"),
        Binding(("delete",), "clear", "wipe the pad", "clear"),
        Binding(("i",), "toggle_eraser", "the pen erases, or draws again; so does the right button", "eraser"),
        Binding(("k",), "ask_label", "keep the digit as a file, with what it is", "keep"),
        Binding((",", "."), "set_width", "thinner or thicker strokes", "width", takes_key=True),
        Binding(("<", ">"), "set_smoothing", "rougher or smoother strokes", takes_key=True),
    ])

    def __init__(self, surface, session):
        """Make the panels."""
        super().__init__(surface, session)
        session.show_user_digit()
        layers, names = session.network.layers, session.dataset.class_names
        self.pad = Pad(surface)
        self.width, self.smoothing = (
            Slider(surface, label, ends, step, self.bindings.find(key))
            for label, ends, step, key in (("width", STROKE_WIDTH_RANGE, 0.01, ","), ("smoothing", (0, 1), 0.05, "<")))
        self.preprocessing_strip = PreprocessingStrip(surface, names, layers[-1].activation)
        self.hidden = HiddenLayers(surface, layers[:-1], selected_only=True)
        self.outputs = Outputs(surface, names, layers[-1].activation, ranked=True)
        self.panels = [self.pad, self.width, self.smoothing, self.preprocessing_strip, self.hidden, self.outputs]

    def place(self):
        """Put the pad at the left, the filmstrip at its right above hidden neurons and guesses."""
        super().place()
        width, height, lead = self.surface.width, self.surface.height, self.surface.leading
        left, right, top = 0.029 * width, 0.971 * width, 0.825 * height
        foot = 0.135 * height + (LABELS_HEIGHT + 8) * lead
        if height > width:
            self._place_upright(left, right, top, foot)
            return
        self._place_pad(left, top, min(0.32 * width, 0.56 * height))
        start = 0.389 * width
        upper = min(0.53 * height, self._place_preprocessing_strip(start, right, top, 0.14 * height))
        side = min(0.183 * width, upper - foot)
        self.hidden.place(start, upper, side)
        self.outputs.place(0.611 * width, upper, right - 0.611 * width, side)

    def _place_upright(self, left, right, top, foot):
        """Put the filmstrip below pad and neurons, and the guesses below that: the window is higher than wide."""
        width, lead, film = right - left, self.surface.leading, 0.14 * self.surface.width
        words, guesses = 230 * lead, 260 * lead  # below pad and filmstrip; at least
        side = max(100, min(0.53 * width, top - foot - film - words - guesses))
        self._place_pad(left, top, side)
        self.hidden.place(left + side + 0.05 * width, top, min(side, 0.95 * width - side))
        below = self._place_preprocessing_strip(left, right, top - side - 120 * lead, film) - 10 * lead
        self.outputs.place(left, below, width, min(below - foot, 320 * lead))

    def _place_pad(self, left, top, side):
        """Put the pad there; the sliders stand beside its labels where there is room, else below."""
        self.pad.place(left, top, side, 0.54 * side)
        sliders, below, lead = (self.width, self.smoothing), self.pad.picture.bounds()[1], self.surface.leading
        widths = [max(both) for both in zip(*(slider.widths() for slider in sliders), strict=True)]
        beside = 0.44 * side - sum(widths) >= MIN_SLIDER_LENGTH
        for slider, down in zip(sliders, (24, 42) if beside else (68, 88), strict=True):
            slider.place(left + 0.56 * side * beside, below - down * lead, side * (0.44 if beside else 1), *widths)

    def _place_preprocessing_strip(self, left, right, top, side):
        """Put the filmstrip there, and return the height below which there is room."""
        self.preprocessing_strip.place(left, top, right - left, min(side, (right - left) / 7))
        return self.preprocessing_strip.steps[0].without.y - 30 * self.surface.leading

    def set_focus(self, panel):
        """Lift the pen where the cursor leaves the pad."""
        self.session.user_digit.end()
        super().set_focus(panel)

    def clear_focus(self):
        """Lift the pen, and put the cursor away; say whether there was one."""
        self.session.user_digit.end()
        return super().clear_focus()

    def default_description(self):
        """Say where the ink's centre of mass is, and which way the digit moves."""
        if self.session.user_digit.preprocessed is None:
            return (
                self.preprocessing_strip.run("no ink yet", color="text", bold=True),
                self.preprocessing_strip.run(
                    "neurons and guesses are the answer to empty paper: the biases alone", gap=2
                ),
            ), None
        word = self.preprocessing_strip.run("centre of mass", color="text", bold=True)
        return (word, *centre_of_mass_runs(self.preprocessing_strip, self.session.user_digit)), None

    def view_to_open(self):
        """A test digit was asked for: explore shows it."""
        return None if self.session.is_user_digit else OpenView("e")

    def undo(self):
        """Take the last stroke back."""
        done = self.session.user_digit.undo()
        return None if done else Say("there is no stroke to take back")

    def redo(self):
        """Draw again what was taken back."""
        done = self.session.user_digit.redo()
        return None if done else Say("nothing was taken back")

    def clear(self):
        """Wipe the pad."""
        done = self.session.user_digit.clear()
        self.session.digit_history.renew()  # what is drawn next is another digit
        return Say("the pad is empty; z brings back what was on it" if done else "the pad is empty")

    def toggle_eraser(self):
        """Let the pen erase, or draw again."""
        user_digit = self.session.user_digit
        user_digit.erasing = not user_digit.erasing
        return Say("the pen erases; i: it draws again" if user_digit.erasing else "the pen draws")

    def set_width(self, key):
        """Make the strokes to come thinner or thicker."""
        self.width.step_by(self.session, 1 if key == "." else -1)

    def set_smoothing(self, key):
        """Make the strokes to come rougher or smoother."""
        self.smoothing.step_by(self.session, 1 if key == ">" else -1)

    def ask_label(self):
        """Ask what the digit is, and keep it."""
        if self.session.user_digit.empty:
            return Say("there is nothing on the pad that could be kept")
        return Ask(LabelPrompt(self.session))

    def close(self):
        """Lift the pen; a pad without ink is no digit to go back to."""
        self.session.user_digit.end()
        if self.session.user_digit.empty:
            self.session.leave_user_digit()
        super().close()
