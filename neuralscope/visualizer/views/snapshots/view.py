"""The past: the network as it was at each snapshot of its training, and when each digit was learned."""

from neuralscope.errors import InputError
from neuralscope.formatting import thousands
from neuralscope.visualizer.app.gif import Recording
from neuralscope.visualizer.app.playback import Player
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.prompts import Message
from neuralscope.visualizer.views.snapshots.epoch_axis import Axis
from neuralscope.visualizer.views.snapshots.error_curve import ErrorCurve
from neuralscope.visualizer.views.snapshots.learned_digits import Forgotten, Learned, place_galleries
from neuralscope.visualizer.views.snapshots.probability_curves import Course, when
from neuralscope.visualizer.views.snapshots.timeline import Timeline
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.empty_state import Notice
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.view import View

NONE = "there are no snapshots of this network's training; to keep them: python -m neuralscope.network --snapshots"
STOPPED = "the film was stopped, nothing was saved"
KEYS = KeyTable([
    Binding(("left",), "walk", "the snapshot before", "before", takes_key=True),
    Binding(("right",), "walk", "the snapshot after", "after", takes_key=True),
    Binding(("home",), "walk", "the first snapshot", takes_key=True),
    Binding(("end",), "walk", "the last snapshot", takes_key=True),
    Binding((" ",), "play", "play the snapshots, or stop", "play"),
    Binding(("M",), "record", "save a film of all snapshots, or stop that", "film"),
    Binding(("u",), "leave_past", "the file's network again", "file's network"),
])


class Past(View):
    """Digit and answer at the left, the charts over the line of snapshots in the middle, two galleries at the right.

    Whoever leaves it at the last snapshot has again what was looked at before: the network without its rounding.
    """

    key, title = "p", "past"
    bindings = KEYS

    def __init__(self, painter, session):
        """Make the panels, or say how to get snapshots."""
        super().__init__(painter, session)
        canvas = painter.figure.canvas
        self.player = Player(canvas, session, lambda: self.tell())
        self.recording = Recording(canvas, lambda words: self.tell(words))
        self.axis, self.before, self.last = Axis(), None, None  # what was shown before; the last snapshot's network
        self._make()

    def _make(self):
        """Make the panels for what there is."""
        painter, session = self.painter, self.session
        for panel in self.panels:
            panel.close()
        if not session.snapshots:
            self.player.stop()
            self.bindings, self.cursor, self.last = KeyTable([]), None, None
            why, _, how = (session.no_snapshots or NONE).partition("; ")
            self.panels = [Notice(painter, why, "train here, now, and watch", "t", how)]
            return
        self.bindings = KEYS
        if session.past.place_of(session.whole) is None:
            self.before = session.whole, session.stage, session.study
            session.go_to_snapshot(len(session.past) - 1)
        self.at, self.newest = session.past.place_of(session.whole), len(session.past) - 1
        self.last = session.past.network(self.newest)
        names, head = session.dataset.class_names, session.network.layers[-1].activation
        self.digit = Digit(painter, session.digits.images.shape[1], with_key=False)
        self.outputs = Outputs(painter, names, head)
        self.course, self.errors = Course(painter, self.axis, names, head), ErrorCurve(painter, self.axis)
        self.timeline = Timeline(painter, self.axis)
        self.learned, self.forgotten = Learned(painter, session), Forgotten(painter, session)
        self.panels = [self.timeline, self.course, self.errors, self.digit, self.outputs, self.learned, self.forgotten]

    def place(self):
        """Put three columns side by side; in an upright window the galleries below the charts."""
        super().place()
        if not self.session.snapshots:
            self.panels[0].place()
            return
        width, height, lead = self.painter.width, self.painter.height, self.painter.leading
        left, right, top, foot = 0.029 * width, 0.971 * width, 0.825 * height, 0.15 * height
        column, middle, end = left + 0.185 * width, left + 0.225 * width, 0.655 * width
        below = foot
        galleries = self.learned, self.forgotten
        if height > width:
            end, below = right, foot + 0.27 * (top - foot)
            place_galleries(galleries, left, below - 30 * lead, right, foot)
        else:
            place_galleries(galleries, 0.692 * width, top + 6 * lead, right, foot - 12 * lead)
        side = min(column - left, 0.4 * (top - below))
        self.digit.place(left, top, side, side)
        under = self.digit.picture.bounds()[1] - 76 * lead
        self.outputs.place(left, under, column - left, under - below - 46 * lead)
        self._place_charts(middle, top, end, below)

    def _place_charts(self, left, top, right, foot):
        """Put the answers above the errors above the line of snapshots."""
        lead = self.painter.leading
        self.axis.left = left + 48 * lead
        self.axis.width = max(60, right - self.course.widest() - self.axis.left)
        line = foot + 34 * lead
        low = line + 22 * lead
        high = top - 21 * lead
        errors = 0.26 * (high - low)
        self.timeline.place(line, right)
        self.errors.place(left, low, right, low + errors)
        self.course.place(left, low + errors + 47 * lead, right, high)

    def update(self):
        """Show what the session shows; while snapshots are added, the last one where it was the last before."""
        session = self.session
        if bool(session.snapshots) != bool(self.last):
            self._make()
            self.place()
        if self.last:
            self._keep_up()
            self.axis.count = len(session.past)
        super().update()

    def _keep_up(self):
        """Stay at the snapshot that was shown, or at the last one where that was the last."""
        session, past = self.session, self.session.past
        place, newest = past.place_of(session.whole), len(past) - 1
        at = self.at if place is None else place
        at = newest if at == self.newest else min(at, newest)
        if at != place:
            session.go_to_snapshot(at)
        self.at, self.newest, self.last = at, newest, past.network(newest)

    def at_rest(self):
        """Say what became of the digit shown."""
        if not self.last:
            return None
        session, past, course = self.session, self.session.past, self.course
        mark, color, words, _ = course.story
        name = session.sketch.name if session.own else f"test digit {thousands(session.index)}"
        runs = [course.run(name, color="text", bold=True),
                course.run(f"{mark} {words}".strip(), color=color, bold=True, gap=2)]
        if not session.own:
            right = course.answers[past.first:] == session.truth
            if right.any():
                first = when(past.epochs, past.first + int(right.argmax()), "at")
                runs += [course.run(f"right at {int(right.sum())} of {len(right)} snapshots", gap=2),
                         course.run(f"for the first time {first}", gap=2)]
        return tuple(runs), None

    # What the keys do

    def walk(self, key):
        """Go to the snapshot before or after, the first or the last."""
        to = {"left": self.at - 1, "right": self.at + 1, "home": 0, "end": self.newest}[key]
        if not 0 <= to <= self.newest:
            return Message(f"this is the {'first' if to < 0 else 'last'} snapshot of {self.newest + 1}")
        leaves, aside = self.at == self.newest, self.session.lessons.aside
        self.session.go_to_snapshot(to)
        return Message("what you taught is put aside: in l, z brings it back") if leaves and aside else None

    def play(self):
        """Play the snapshots, from the first one where the last is shown; or stop."""
        if self.player.stop():
            return Message("stopped; Space plays on")
        self.player.start()
        return None

    def record(self):
        """Begin a film of this view at all snapshots, in the current folder; or stop that."""
        if self.recording.stop():
            return Message(STOPPED)
        try:
            self.recording.start(self.session, self.painter.theme, type(self))
        except InputError as error:
            return Message(f"not saved: {error}")
        return Message(f"making a film of {len(self.session.past)} snapshots; M stops it")

    def leave_past(self):
        """Look at the file's network again, in the view that begins."""
        self.session.take_files()
        return "e"

    def leave(self):
        """Close, and say that every view goes on with an earlier network, if one was chosen."""
        words, session = self.close(), self.session
        earlier = f"every view shows {session.stage} now; p, then u: the file's network again"
        there = self.last and session.past and session.past.place_of(session.whole) is not None
        return "; ".join(filter(None, (words, earlier if there else ""))) or None

    def close(self):
        """Stop everything; give back what was looked at before, unless an earlier network was chosen."""
        self.player.stop()
        words = STOPPED if self.recording.stop() else ""
        super().close()
        if self.last and self.session.whole is self.last:
            if self.before:
                self.session.take(*self.before)
            elif not self.session.training:
                self.session.take_files()
        return words
