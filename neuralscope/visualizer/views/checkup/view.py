"""The check-up: the list of checks at the left, and at the right what the chosen one was found by."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.drawing.layout import FOOT, Box
from neuralscope.visualizer.drawing.theme import HEADLINE_PT, LABEL_PT, SUBHEADLINE_PT
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.results import OpenView, Say
from neuralscope.visualizer.widgets.headline import Headline
from neuralscope.visualizer.widgets.view import View

LIST_TOP, LIST_WIDTH, EVIDENCE_LEFT = 0.8525, 0.497, 0.5636  # shares of the window
REPORT_SUFFIX = ".txt"


class CheckupHeadline(Headline):
    """How many checks fail, and which to mend first."""

    def wordings(self, session, trace):
        """Return the wordings, longest first."""
        check_up = session.check_ups.current
        report = check_up.report
        name = (self.run(check_up.subject, HEADLINE_PT, "text"),)
        if not check_up.done:
            waits = session.training is not None and session.training.state.running
            words = "waits until the training rests" if waits else (
                f"checks, {thousands(len(check_up.results))} of {thousands(check_up.count)} done")
            mark = (self.run(words, SUBHEADLINE_PT, gap=3),)
            return name + mark, mark
        verdict = (self.run(report.verdict, SUBHEADLINE_PT, "wrong" if report.failed else "right", bold=True, gap=3),)
        advice = (self.run(report.advice, LABEL_PT, gap=1.5),) if report.advice else ()
        return name + verdict + advice, name + verdict, verdict

    def subject_wordings(self, session):
        """Return the wordings of which network it is, and how many images it reads rightly."""
        facts = session.check_ups.current.facts or (session.base_network.architecture,)
        return tuple((self.run(", ".join(words), LABEL_PT),) for words in (facts, (facts[0], facts[-1]), facts[-1:]))


class CheckupView(View):
    """Which of the checks the network shown passes; a line leads to where it is seen."""

    key, title, key_index = "K", "check-up", None
    headline_class = CheckupHeadline
    bindings = KeyTable([
        Binding(("down", "up"), "move", "the next check, or the one before", "check", takes_key=True),
        Binding(("enter",), "open_chosen", "the view where the chosen check shows", "where it shows"),
        Binding(("r",), "run_again", "check again, from the beginning", "run again"),
    ])

    def __init__(self, surface, session):
        """Make the list and the evidence."""
        from neuralscope.visualizer.views.checkup.check_list import CheckList
        from neuralscope.visualizer.views.checkup.evidence import Evidence

        super().__init__(surface, session)
        self.list, self.evidence = CheckList(surface, session.check_ups.current.count, self.open_chosen), Evidence(
            surface, session)
        self.panels = [self.list, self.evidence]

    @property
    def background_work(self):
        """The check-up itself."""
        return self.session.check_ups.current

    def place(self):
        """Put the evidence beside the list; in a window that is higher than wide, below it."""
        super().place()
        surface = self.surface
        page = surface.page(foot=FOOT, top=LIST_TOP)
        if surface.is_upright:
            middle = surface.y(0.47)
            self.list.place(page.above(middle))
            self.evidence.place(page.below(middle - 24 * surface.leading))
        else:
            self.list.place(Box(page.left, page.bottom, surface.x(LIST_WIDTH), page.height))
            self.evidence.place(page.right_of(surface.x(EVIDENCE_LEFT)))

    def move(self, key):
        """Choose the check before or after."""
        self.session.check_ups.select({"down": 1, "up": -1}[key])

    def open_chosen(self):
        """Open the view where the chosen check shows, at the neuron or the cell that it speaks of."""
        result = self.session.check_ups.chosen
        if result is None:
            return Say("this check is not done yet")
        key = self.keys_by_title.get(result.view)
        if key is None:
            return Say("no other view shows more of this check")
        if "neuron" in result.details and self.session.layers:
            self.session.selection.select_neuron(*result.details["neuron"])
        if "cell" in result.details:
            self.session.cell = tuple(result.details["cell"])
        return OpenView(key)

    def run_again(self):
        """Check again from the beginning."""
        self.session.check_ups.renew()

    def file_to_save(self):
        """Return the report as lines."""
        from neuralscope.checkup.report_files import report_bytes

        report = self.session.check_ups.current.report
        return f"{self.session.dataset.name}-check-up", REPORT_SUFFIX, report_bytes(report, REPORT_SUFFIX)

    def default_description(self):
        """Say what the chosen check found, in full."""
        return self.list.describe(self.session, self.session.check_ups.index, 0)[0], None
