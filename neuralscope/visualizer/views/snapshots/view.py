"""The past: the network as it was at each snapshot of its training, and when each digit was learned."""

from neuralscope.cli import command
from neuralscope.errors import InputError
from neuralscope.formatting import counted, thousands
from neuralscope.visualizer.app.playback import SnapshotPlayback
from neuralscope.visualizer.input.keys import Binding, KeyTable
from neuralscope.visualizer.input.results import OpenView, Say
from neuralscope.visualizer.live.server_files import error_without_folders
from neuralscope.visualizer.widgets.digit import Digit
from neuralscope.visualizer.widgets.empty_state import EmptyState
from neuralscope.visualizer.widgets.no_labels import NoLabelsNote
from neuralscope.visualizer.widgets.outputs import Outputs
from neuralscope.visualizer.widgets.view import View

NO_SNAPSHOTS = InputError("there are no snapshots of this network's training",
                          f"to keep them: {command('train')} --snapshots")
FILM_STOPPED_TEXT = "the film was stopped, nothing was saved"
SNAPSHOT_BINDINGS = KeyTable([
    Binding(("left",), "choose_snapshot", "the snapshot before", "before", takes_key=True),
    Binding(("right",), "choose_snapshot", "the snapshot after", "after", takes_key=True),
    Binding(("home",), "choose_snapshot", "the first snapshot", takes_key=True),
    Binding(("end",), "choose_snapshot", "the last snapshot", takes_key=True),
    Binding((" ",), "play", "play the snapshots, or stop", "play"),
    Binding(("M",), "record_film", "save a film of all snapshots, or stop that", "film"),
    Binding(("u",), "show_file_network", "the file's network again", "file's network"),
])


class SnapshotsView(View):
    """Digit and answer at the left, the charts over the line of snapshots in the middle, two galleries at the right.

    Whoever leaves it at the last snapshot has again what was looked at before: the network without its rounding.
    """

    key, title = "p", "past"
    bindings = SNAPSHOT_BINDINGS

    def __init__(self, surface, session):
        """Make the panels, or say how to get snapshots."""
        from neuralscope.visualizer.app.gif import Recording
        from neuralscope.visualizer.views.snapshots.epoch_axis import EpochAxis

        super().__init__(surface, session)
        canvas = surface.figure.canvas
        self.player = SnapshotPlayback(canvas, session, lambda: self.apply(None))
        self.recording = Recording(canvas, lambda text: self.apply(Say(text)))
        # what was shown before; the last snapshot's network
        self.axis, self.replaced_network, self.last_network = EpochAxis(), None, None
        self._make()

    def _make(self):
        """Make the panels for what there is."""
        surface, session = self.surface, self.session
        for panel in self.panels:
            panel.close()
        if not session.snapshots:
            self.player.stop()
            self.bindings, self.focus, self.last_network = KeyTable([]), None, None
            reason = session.snapshot_choice.no_snapshots_reason or NO_SNAPSHOTS
            if session.shared_training:
                reason = error_without_folders(reason, session.model.path)
            self.panels = [EmptyState(surface, reason.problem, "train here, now, and watch", "t", reason.remedy)]
            return
        self.bindings = SNAPSHOT_BINDINGS
        self._begin()
        self._make_panels()

    def _begin(self):
        """Stay at the snapshot that is shown, or go to the last one."""
        session = self.session
        if session.training_history.index_of(session.base_network) is None:
            self.replaced_network = session.base_network, session.network_label, session.analysis
            session.go_to_snapshot(len(session.training_history) - 1)
        self.shown_snapshot, self.last_snapshot = (session.training_history.index_of(session.base_network),
                                                   len(session.training_history) - 1)
        self.last_network = session.training_history.network(self.last_snapshot)

    def _make_panels(self):
        from neuralscope.visualizer.views.snapshots.error_curve import ErrorCurve
        from neuralscope.visualizer.views.snapshots.learned_digits import ForgottenDigits, LearnedDigits
        from neuralscope.visualizer.views.snapshots.probability_curves import ProbabilityCurves
        from neuralscope.visualizer.views.snapshots.timeline import Timeline

        surface, session = self.surface, self.session
        names, head = session.dataset.class_names, session.network.layers[-1].activation
        self.digit = Digit(surface, session.inputs, with_key=False)
        self.outputs = Outputs(surface, names, head)
        self.probability_curves = ProbabilityCurves(surface, self.axis, names, head)
        self.timeline = Timeline(surface, self.axis)
        self.galleries = ()
        self.panels = [self.timeline, self.probability_curves, self.digit, self.outputs]
        if session.has_labels:
            self.errors = ErrorCurve(surface, self.axis)
            self.learned, self.forgotten = LearnedDigits(surface, session), ForgottenDigits(surface, session)
            self.galleries = self.learned, self.forgotten
            self.panels[2:2] = [self.errors]
            self.panels += self.galleries
        else:
            self.note = NoLabelsNote(surface)
            self.panels.append(self.note)

    def place(self):
        """Put three columns side by side; in an upright window the galleries below the charts.

        Without labels the charts take the room of the galleries.
        """
        from neuralscope.visualizer.views.snapshots.learned_digits import place_galleries

        super().place()
        if not self.session.snapshots:
            self.panels[0].place()
            return
        surface, page, lead = self.surface, self.surface.page(foot=0.15), self.surface.leading
        if not self.galleries:
            upper = page
        elif surface.is_upright:
            upper = page.above(page.bottom + 0.27 * page.height)
            place_galleries(self.galleries, page.below(upper.bottom - 30 * lead))
        else:
            upper = page.left_of(surface.x(0.655))
            beside = page.right_of(surface.x(0.692))
            place_galleries(self.galleries, beside.above(page.bottom - 12 * lead).below(page.top + 6 * lead))
        column = upper.left_of(page.left + surface.x(0.185))
        self.digit.place(column.square(min(column.width, 0.4 * column.height)))
        under = self.digit.picture.bounds()[1] - 76 * lead
        self.outputs.place(column.below(under).above(column.bottom + 46 * lead))
        self._place_charts(upper.right_of(page.left + surface.x(0.225)))

    def _place_charts(self, box):
        """Put the answers above the errors above the line of snapshots."""
        lead, line = self.surface.leading, box.bottom + 34 * self.surface.leading
        self.axis.left = box.left + 48 * lead
        self.axis.width = max(60, box.right - self.probability_curves.widest() - self.axis.left)
        self.timeline.place(line, box.right)
        charts = box.above(line + 22 * lead).below(box.top - 21 * lead)
        if not self.galleries:
            self.note.place(box.left, charts.bottom, box.width)
            self.probability_curves.place(charts.above(charts.bottom + 26 * lead))
            return
        errors = charts.below(charts.bottom + 0.26 * charts.height)
        self.errors.place(errors)
        self.probability_curves.place(charts.above(errors.top + 47 * lead))

    def update(self):
        """Show what the session shows; while snapshots are added, the last one where it was the last before."""
        session = self.session
        if bool(session.snapshots) != bool(self.last_network):
            self._make()
            self.place()
        if self.last_network:
            self._follow_snapshots()
            self.axis.count = len(session.training_history)
        super().update()

    def _follow_snapshots(self):
        """Stay at the snapshot that was shown, or at the last one where that was the last."""
        session, history = self.session, self.session.training_history
        snapshot, newest = history.index_of(session.base_network), len(history) - 1
        at = self.shown_snapshot if snapshot is None else snapshot
        at = newest if at == self.last_snapshot else min(at, newest)
        if at != snapshot:
            session.go_to_snapshot(at)
        self.shown_snapshot, self.last_snapshot, self.last_network = at, newest, history.network(newest)

    def default_description(self):
        """Say what became of the digit shown."""
        from neuralscope.visualizer.views.snapshots.probability_curves import epoch_text

        if not self.last_network:
            return None
        session, history, course = self.session, self.session.training_history, self.probability_curves
        mark, color, words, _ = course.outcome
        name = session.user_digit.name if session.is_user_digit else (
            f"test {session.inputs.sample} {thousands(session.index)}")
        runs = [course.run(name, color="text", bold=True),
                course.run(" ".join(filter(None, (mark, words))), color=color, bold=True, gap=2)]
        if session.truth is not None:
            right = course.predictions[history.first_trained:] == session.truth
            if right.any():
                first = epoch_text(history.epochs, history.first_trained + int(right.argmax()), "at")
                runs += [course.run(f"right at {int(right.sum())} of {counted(len(right), 'snapshot')}", gap=2),
                         course.run(f"for the first time {first}", gap=2)]
        return tuple(runs), None

    # What the keys do

    def choose_snapshot(self, key):
        """Go to the snapshot before or after, the first or the last."""
        to = {"left": self.shown_snapshot - 1, "right": self.shown_snapshot + 1, "home": 0,
              "end": self.last_snapshot}[key]
        if not 0 <= to <= self.last_snapshot:
            return Say(f"this is the {'first' if to < 0 else 'last'} snapshot of {self.last_snapshot + 1}")
        leaves, aside = self.shown_snapshot == self.last_snapshot, self.session.fine_tuning.set_aside_count
        self.session.go_to_snapshot(to)
        return Say("what you taught is put aside: in l, z brings it back") if leaves and aside else None

    def play(self):
        """Play the snapshots, from the first one where the last is shown; or stop."""
        if self.player.stop():
            return Say("stopped; Space plays on")
        self.player.start()
        return None

    def record_film(self):
        """Begin a film of this view at all snapshots, in the current folder; or stop that."""
        if self.recording.stop():
            return Say(FILM_STOPPED_TEXT)
        try:
            self.recording.start(self.session, self.surface.theme, type(self))
        except InputError as error:
            return Say(f"not saved: {error}")
        return Say(f"making a film of {counted(len(self.session.training_history), 'snapshot')}; M stops it")

    def show_file_network(self):
        """Look at the file's network again, in the view that begins."""
        self.session.show_file_network()
        return OpenView("e")

    def leave(self):
        """Close, and say that every view goes on with an earlier network, if one was chosen."""
        stopped, session = self.close(), self.session
        earlier = f"every view shows {session.network_label} now; p, then u: the file's network again"
        if not (self.last_network and session.training_history
                and session.training_history.index_of(session.base_network) is not None):
            return stopped
        return Say(f"{stopped.text}; {earlier}" if stopped else earlier)

    def close(self):
        """Stop everything; give back what was looked at before, unless an earlier network was chosen."""
        self.player.stop()
        stopped = Say(FILM_STOPPED_TEXT) if self.recording.stop() else None
        super().close()
        if self.last_network and self.session.base_network is self.last_network:
            if self.replaced_network:
                self.session.show_network(*self.replaced_network)
            elif not self.session.training:
                self.session.show_file_network()
        return stopped
