"""The person's own digit: a pad to draw on, how the drawing becomes 28 x 28, and what the network makes of it."""

from neuralscope.images.blob import TOO_LITTLE_INK
from neuralscope.images.preprocessing import STEPS
from neuralscope.visualizer.drawing.layout import READOUT_TOP
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.prompts import LabelPrompt
from neuralscope.visualizer.input.results import Ask, OpenView, Say
from neuralscope.visualizer.session.user_digit import STROKE_WIDTH_RANGE
from neuralscope.visualizer.widgets.empty_state import EmptyState
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.hidden_layers import LABELS_HEIGHT, HiddenLayers
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.panel import inside
from neuralscope.visualizer.widgets.slider import Slider
from neuralscope.visualizer.widgets.view import View

MIN_SLIDER_LENGTH = 60  # units that a slider needs


class DrawHeadline(Headline):
    """What the network reads, or what to do."""

    row = None  # the session's `user_row`

    def wordings(self, session, trace):
        """Return the wordings; where there is no ink there is no verdict."""
        self.row = None
        if session.user_digit.preprocessed is None:
            asks, how = self.empty_words(session.user_digit)
            head = (self.run(asks, HEADLINE_PT, "text", bold=True),)
            return (*head, self.run(how, LABEL_PT, gap=3)), head
        self.row = session.user_row
        return self.row_wordings(session, trace) if self.row else super().wordings(session, trace)

    def row_wordings(self, session, trace):
        """Return the wordings where there is more than one digit: of all, or of the one that is shown by itself."""
        found, outputs = self.row
        names, part = [session.dataset.class_names[index] for index in outputs.argmax(axis=1)], session.user_digit.part
        number = ("" if max(map(len, names)) == 1 else " ").join(names)
        read = self.prediction_runs(session, trace)
        key = self.run("u", LABEL_PT, "text", mono=True, gap=3)
        if part is not None:
            place = self.run(f"digit {found.boxes.index(part) + 1} of {len(names)} in {number}", LABEL_PT, gap=3)
            last = part == found.boxes[-1]
            offer = key, self.run("all again" if last else "the next", LABEL_PT, gap=1)
            return (*read, place, *offer), (*read, place), read
        head = self.run(f"looks like {len(names)} digits: {number}", HEADLINE_PT, "text", bold=True)
        as_one = self.run(f"as one it {read[0].text} {read[-1].text}", LABEL_PT, gap=3)
        offer = key, self.run("each by itself", LABEL_PT, gap=1)
        return (head, as_one, *offer), (head, *offer), (head,)

    def binding_at(self, x, y):
        """Return the binding that shows the digits one by one, where it is offered."""
        if self.row and inside(self.verdict.bounds(), x, y):
            return DrawView.bindings.find("u")
        return super().binding_at(x, y)

    def empty_words(self, user_digit):
        """Return why nothing is read, and what to do."""
        if user_digit.empty:
            return "draw a digit", "by mouse, pen or finger"
        if user_digit.refusal.problem == TOO_LITTLE_INK[0]:
            return "too little ink", "for a digit: it is a dot; draw on"
        return "no ink", "is left by the steps that are on; switch on another"


class DrawView(View):
    """Pad, filmstrip, hidden activations and ranked guesses; all follow the pen."""

    key, title = "d", "draw"
    headline_class = DrawHeadline
    bindings = KeyTable([
        Binding(("z", "backspace"), "undo", "take the last stroke back", "undo"),
        Binding(("Z",), "redo", "draw again what was taken back"),
        Binding(("delete",), "clear", "wipe the pad", "clear"),
        Binding(("i",), "toggle_eraser", "the pen erases, or draws again; so does the right button", "eraser"),
        Binding(("u",), "show_next_part", "where it looks like more than one digit: each by itself, then all again"),
        Binding(("k",), "ask_label", "keep the digit as a file, with what it is", "keep"),
        Binding((",", "."), "set_width", "thinner or thicker strokes", "width", takes_key=True),
        Binding(("<", ">"), "set_smoothing", "rougher or smoother strokes", takes_key=True),
    ])

    def __init__(self, surface, session):
        """Make the panels."""
        from neuralscope.visualizer.views.draw.pad import Pad
        from neuralscope.visualizer.views.draw.preprocessing_strip import PreprocessingStrip

        super().__init__(surface, session)
        self.empty_state = None
        if session.no_drawing_text:
            self._make_empty()
            return
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

    def _make_empty(self):
        """Say why nothing can be drawn here."""
        self.bindings, self.headline = KeyTable([]), self._replaced_headline()
        self.empty_state = EmptyState(self.surface, self.session.no_drawing_text,
                                      "what it reads of the test set: see explore", "e")
        self.panels = [self.empty_state]

    def _replaced_headline(self):
        """Return a headline of the digit that is shown, in place of the one of the pad."""
        self.headline.close()
        headline = Headline(self.surface)
        self.network_label.headline, self.network_label.subject = headline, headline.subject
        return headline

    def place(self):
        """Put the pad at the left, the filmstrip at its right above hidden neurons and guesses."""
        super().place()
        if self.empty_state:
            self.empty_state.place()
            return
        surface, page = self.surface, self.surface.page(foot=READOUT_TOP)
        page = page.above(page.bottom + (LABELS_HEIGHT + 8) * surface.leading)
        if surface.is_upright:
            self._place_upright(page)
            return
        self._place_pad(*page.top_left, min(surface.x(0.32), surface.y(0.56)))
        beside = page.right_of(surface.x(0.389))
        upper = min(surface.y(0.53), self._place_preprocessing_strip(beside, surface.y(0.14)))
        side = min(surface.x(0.183), upper - page.bottom)
        self.hidden.place(beside.left, upper, side)
        self.outputs.place(page.right_of(surface.x(0.611)).below(upper).above(upper - side))

    def _place_upright(self, page):
        """Put the filmstrip below pad and neurons, and the guesses below that: the window is higher than wide."""
        left, foot, width, height = page
        lead, top, film = self.surface.leading, page.top, self.surface.x(0.14)
        words, guesses = 230 * lead, 260 * lead  # below pad and filmstrip; at least
        side = max(100, min(0.53 * width, height - film - words - guesses))
        self._place_pad(left, top, side)
        self.hidden.place(left + side + 0.05 * width, top, min(side, 0.95 * width - side))
        below = self._place_preprocessing_strip(page.below(top - side - 120 * lead), film) - 10 * lead
        self.outputs.place(page.below(below).above(max(foot, below - 320 * lead)))

    def _place_pad(self, left, top, side):
        """Put the pad there; the sliders stand beside its labels where there is room, else below."""
        self.pad.place(left, top, side, 0.54 * side)
        sliders, below, lead = (self.width, self.smoothing), self.pad.picture.bounds()[1], self.surface.leading
        widths = [max(both) for both in zip(*(slider.widths() for slider in sliders), strict=True)]
        beside = 0.44 * side - sum(widths) >= MIN_SLIDER_LENGTH
        for slider, down in zip(sliders, (24, 42) if beside else (68, 88), strict=True):
            slider.place(left + 0.56 * side * beside, below - down * lead, side * (0.44 if beside else 1), *widths)

    def _place_preprocessing_strip(self, box, side):
        """Put the filmstrip at the top of a box, and return the height below which there is room."""
        self.preprocessing_strip.place(*box.top_left, box.width, min(side, box.width / (len(STEPS) + 1)))
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
        from neuralscope.visualizer.views.draw.preprocessing_strip import centre_of_mass_runs

        if self.empty_state:
            return None
        if self.session.user_digit.preprocessed is None:
            return (self.preprocessing_strip.run("no ink yet", color="text", bold=True),
                    self.preprocessing_strip.run("neurons and guesses are the answer to empty paper: the biases alone",
                                                 gap=2)), None
        word = self.preprocessing_strip.run("centre of mass", color="text", bold=True)
        return (word, *centre_of_mass_runs(self.preprocessing_strip, self.session.user_digit)), None

    def view_to_open(self):
        """A test digit was asked for: explore shows it."""
        return None if self.session.is_user_digit or self.empty_state else OpenView("e")

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

    def show_next_part(self):
        """Show the next digit of several by itself, or all again after the last."""
        if not self.session.user_row:
            return Say("it looks like one digit")
        boxes, part = self.session.user_row[0].boxes, self.session.user_digit.part
        following = 0 if part is None else boxes.index(part) + 1
        self.session.user_digit.show_part(boxes[following] if following < len(boxes) else None)
        return None

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
