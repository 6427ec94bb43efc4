"""Shows what a training has come to, on a timer of the canvas, and no more often than the training can afford.

A frame holds Python's lock for most of its time, so the training hardly moves meanwhile. After a frame that took a
second there are REST_PER_FRAME_TIME seconds without one: frames take a tenth of the time at most, however slow they
are.
"""

import time

from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.session.analysis_cache import AnalysisCache

POLL_INTERVAL_MS = 30  # milliseconds
REST_PER_FRAME_TIME = 9
SLICE_S = 0.015  # seconds of work between two events: nobody feels them


class TrainingSync:
    """Follows the training of ``window``'s session: into the view that shows it, and at epoch ends into all others."""

    def __init__(self, window):
        """Stand still."""
        self.window, self.timer, self.polling = window, None, False
        self.frame_started, self.rest_until = None, 0.0  # of the frame that is being drawn, and after it
        self.shown_status = self.observation = self.report = self.pending = self.shown_network = None
        self.observation_requested = False

    @property
    def session(self):
        """What the window is looking at."""
        return self.window.session

    def start_if_needed(self):
        """Poll where there is something to follow."""
        if self.polling or not (self.status() != self.shown_status or self.is_awaiting()):
            return
        if self.timer is None:
            self.timer = self.window.figure.canvas.new_timer(interval=POLL_INTERVAL_MS, callbacks=[(self.poll, (), {})])
        self.polling = True
        self.timer.start()

    def is_awaiting(self):
        """Say whether something will have news: a training, its beginning or its end, or another reader's training."""
        session, training = self.session, self.session.training
        if session.training_setup.busy:
            return True
        if session.shared_training and (self.window.view.shows_training or (training and training.read_only)):
            return True
        return training is not None and (not training.state.idle or training.state.report is not self.report
                                         or self.pending or self.is_behind())

    def is_behind(self):
        """Say whether the file's network is shown still, though what is learned is asked for again."""
        session = self.session
        report = session.training.state.report
        return session.follows_training and report and session.base_network is session.model.network

    def status(self):
        """Return what is shown whenever it changes: of a training, and of one that begins or ends."""
        training, setup = self.session.training, self.session.training_setup
        state = training and training.state
        return (training, state and state.phase, setup.launcher, setup.shutdown, setup.failure, setup.invalid_options,
                *((state.latest.check, state.failure, state.notice) if training else (None, "", "")))

    def poll(self):
        """Look whether there is news, and show it."""
        if self.frame_started is not None or time.perf_counter() < self.rest_until:
            return
        started = time.perf_counter()
        if self._take_news():
            self.frame_started = started
            self.window.refresh()
        elif not self.is_awaiting():
            self.stop()

    def on_drawn(self):
        """Rest, after a frame that the training asked for."""
        if self.frame_started is not None:
            now = time.perf_counter()
            self.rest_until, self.frame_started = now + REST_PER_FRAME_TIME * (now - self.frame_started), None

    def stop(self):
        """Poll no more."""
        if self.polling:
            self.timer.stop()
        self.polling = False

    def _take_news(self):
        """Take over what is new; return whether it should be shown."""
        session = self.session
        if session.shared_training:
            self._update_watching()
        self._take_beginning()
        self._take_end()
        old, self.shown_status = self.shown_status, self.status()
        news, training = self.shown_status != old, session.training
        if not training:
            return news
        if old is None or old[0] is not training or old[-2:] != self.shown_status[-2:]:  # said once, in the readout
            self.window.message = training.state.failure or training.state.notice or self.window.message
        news |= self._follow_epochs(training.state)
        if session.base_network is self.shown_network and not self.pending:
            session.network_label = self._network_label()
        if self.window.view.shows_training:
            news |= self._follow_steps(training)
        return news

    def _take_beginning(self):
        """Take over a training that is there now, or say why there is none."""
        session, launcher = self.session, self.session.training_setup.launcher
        if not (launcher and launcher.done):
            return
        training = launcher.result()
        self.window.message = session.training_setup.failure or None
        if training:
            session.training, session.follows_training, self.report = training, True, None
            self._show_network(training.state.latest.network, None)
            session.layer = 0  # its weights are pictures

    def _take_end(self):
        """Say what became of a training that has ended."""
        setup = self.session.training_setup
        if setup.shutdown and setup.shutdown.done:
            self.window.message, setup.shutdown = setup.shutdown.value or self.window.message, None
            setup.find_interrupted_trainings(self.session.dataset)

    def _update_watching(self):
        """Watch another reader's training where there is one, and say so."""
        words = self.session.shared_training.update_watching(self.session, self.window.view.shows_training)
        if words:
            self.window.reopen()
            self.window.message = words

    def _follow_steps(self, training):
        """Return whether there is a TrainingObservation that was not shown, and see to it that there will be."""
        state = training.state
        if state.latest is not self.observation:
            self.observation, self.observation_requested = state.latest, False
            return True
        if not self.observation_requested and not state.idle:
            training.tell(Command.OBSERVE)
            self.observation_requested = True
        return False

    def _follow_epochs(self, state):
        """Let the session show the network of the last epoch; return whether it does now and did not before.

        Where a view asks for more than its weights, what all test digits do to it is found first, in small parts.
        """
        report = state.report
        if self.is_behind():
            self.report = None  # the last one is taken again
        if self.pending is None and (report in (None, self.report) or not self.session.follows_training):
            self.report = report
            return False
        if self.window.view.shows_training:
            self.pending, self.report = None, report
            self._show_network(report.network, None)
            return True
        if self.pending is None:
            analysis = AnalysisCache(report.network, self.session.digits, self.session.analysis)
            self.pending = report, analysis, analysis.steps()
        report, analysis, steps = self.pending
        end = time.perf_counter() + SLICE_S
        while not analysis.test_set.evaluated and time.perf_counter() < end:
            next(steps)
        if analysis.test_set.evaluated:
            self.pending, self.report = None, report
            self._show_network(report.network, analysis)
        return self.pending is None

    def _network_label(self):
        """Return what the headlines call the network that was taken."""
        state = self.session.training.state
        epoch, epochs = self.report.epoch if self.report else state.latest.epoch, state.latest.epochs
        going = "" if epoch == epochs else ", learning" if state.running else ", paused"
        return f"epoch {epoch} of {epochs}{going}"

    def _show_network(self, network, analysis):
        session = self.session
        sizes, snapshots, self.shown_network = session.base_network.sizes, session.training.state.snapshots, network
        session.show_network(network, self._network_label(), analysis)
        if snapshots:
            session.snapshots = snapshots
        if network.sizes != sizes:
            self.window.reopen()
