"""Why this class and not that one: the evidence in pixels and in neurons, which adds up to the score."""

from neuralscope.analysis.waterfall import printed_total
from neuralscope.formatting import number
from neuralscope.visualizer.drawing.theme import HEADLINE, LABEL
from neuralscope.visualizer.views.why.attribution_table import Ledger
from neuralscope.visualizer.views.why.pixel_maps import Evidence, Template
from neuralscope.visualizer.views.why.ranked_classes import Guesses
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.view import View


class WhyHeadline(Headline):
    """What is asked: the answer against the runner-up, or another class against the answer."""

    def say(self, session, trace):
        """Return the wordings of what is asked, and of the verdict."""
        asked, right = self.asked(session, trace), self.right(session, trace)
        return asked + right, asked + right[:1], asked

    def asked(self, session, trace):
        """Return the runs that name the classes and the figure that is explained."""
        names, answer = session.dataset.class_names, int(trace.predictions[0])
        total = printed_total(trace.sums[-1][0], session.chosen, session.versus)
        chosen, versus = names[session.chosen], None if session.versus is None else names[session.versus]
        if session.chosen == answer:
            words = f"reads {chosen}" if versus is None else f"reads {chosen}, not {versus}"
        else:
            words = f"reads {names[answer]}: why {chosen}?" if versus is None else (
                f"reads {names[answer]}: {chosen} against {versus}")
        what = (self.run("score", LABEL, gap=3),) if versus is None else (self.run("by", HEADLINE, gap=1),)
        return (self.run(words, HEADLINE, "text", bold=True), *what,
                self.run(number(total), HEADLINE, "text", gap=1))


class Why(View):
    """Digit, templates and evidence at the left; the ledger and the guesses at the right."""

    key, title = "w", "why"
    headline_class = WhyHeadline

    def __init__(self, painter, session):
        """Make the panels."""
        super().__init__(painter, session)
        pixels, layers = session.digits.images.shape[1], session.network.layers
        self.digit = Digit(painter, pixels, with_key=False)
        self.chosen, self.compared = Template(painter, pixels, False), Template(painter, pixels, True)
        self.evidence = Evidence(painter, pixels)
        self.ledger = Ledger(painter, pixels, len(layers) - 1)
        self.guesses = Guesses(painter, session.dataset.class_names, layers[-1].activation)
        self.panels = [self.digit, self.chosen, self.compared, self.evidence, self.ledger, self.guesses]

    def place(self):
        """Four pictures two by two, the rows beside them."""
        super().place()
        box, lead = self.painter.box, self.painter.leading
        left, bottom, width, height = box(0.029, 0.58, 0.14, 0.245)
        pitch, side, upper = 0.162 * self.painter.width, min(width, height), bottom + height
        lower = upper - side - 68 * lead
        for panel, across, top in ((self.digit, 0, upper), (self.chosen, 1, upper), (self.compared, 0, lower),
                                   (self.evidence, 1, lower)):
            panel.place(left + across * pitch, top, side, side, pitch - 10)
        left, bottom, width, height = box(0.371, 0.145, 0.6, 0.68)
        line = bottom + 26 * lead  # of three, 22 units apart
        self.ledger.place(left, bottom + height, width, height - 78 * lead, written=line + 22 * lead)
        self.guesses.place(left, line, width)

    def at_rest(self):
        """Say what the neuron pushes that is chosen, or pushes most."""
        return self.ledger.at_rest(self.session)
