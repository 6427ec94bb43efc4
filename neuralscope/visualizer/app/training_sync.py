"""Shows what a training has come to, on a timer of the canvas, and no more often than the training can afford.

A frame holds Python's lock for most of its time, so the training hardly moves meanwhile. After a frame that took a
second there are REST_PER_FRAME_TIME seconds without one: frames take a tenth of the time at most, however slow they
are.
"""

import time

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
        self.shown_state = self.observation = self.report = self.pending = self.shown_network = None
        self.observation_requested = False

    @property
    def session(self):
        """What the window is looking at."""
        return self.window.session

    def start_if_needed(self):
        """Beat where there is something to follow."""
        if self.polling or not (
            self.session.training_setup.busy or self.state() != self.shown_state or self.has_news()
        ):
            return
        if self.timer is None:
            self.timer = self.window.figure.canvas.new_timer(interval=POLL_INTERVAL_MS, callbacks=[(self.poll, (), {})])
        self.polling = True
        self.timer.start()

    def has_news(self):
        """Say whether a training has something to say that is not shown yet, or will have, at somebody else's bidding.
        """
        session, training = self.session, self.session.training
        if session.shared_training and (self.window.view.shows_training or (training and training.read_only)):
            return True
        return training is not None and (not training.idle or training.report is not self.report or self.pending
                                         or self.is_behind())

    def is_behind(self):
        """Say whether the file's network is shown still, though what is learned is asked for again."""
        session = self.session
        return session.follows_training and session.training.report and session.base_network is session.model.network

    def state(self):
        """Return what of a training should be shown whenever it changes."""
        training, setup = self.session.training, self.session.training_setup
        return (training, setup.launcher, setup.shutdown, setup.failure, setup.invalid_options) + ((
            training.running, training.idle, training.finished, training.failure, training.notice,
            training.latest.check) if training else ())

    def poll(self):
        """Look whether there is news, and show it."""
        if self.frame_started is not None or time.perf_counter() < self.rest_until:
            return
        started = time.perf_counter()
        if self._take_news():
            self.frame_started = started
            self.window.refresh()
        elif not (self.session.training_setup.busy or self.has_news()):
            self.stop()

    def on_drawn(self):
        """Rest, after a frame that the training asked for."""
        if self.frame_started is not None:
            now = time.perf_counter()
            self.rest_until, self.frame_started = now + REST_PER_FRAME_TIME * (now - self.frame_started), None

    def stop(self):
        """Beat no more."""
        if self.polling:
            self.timer.stop()
        self.polling = False

    def _take_news(self):
        """Take over what is new; return whether it should be shown."""
        session = self.session
        if session.shared_training:
            self._update_watching()
        if session.training_setup.launcher:
            training = session.training_setup.launcher.result()
            if not session.training_setup.launcher:
                self.window.message = session.training_setup.failure or None
            if training:
                session.training, session.follows_training, self.report = training, True, None
                self._show_network(training.latest.network, None)
                session.layer = 0  # its weights are pictures
        if session.training_setup.shutdown and session.training_setup.shutdown.words is not None:
            self.window.message = session.training_setup.shutdown.words or self.window.message
            session.training_setup.shutdown = None
            session.training_setup.find_interrupted_trainings(session.dataset)
        news = self.state() != self.shown_state
        self._report_problems(news)
        training = session.training
        if training:
            news |= self._follow_epochs(training)
            if session.base_network is self.shown_network and not self.pending:
                session.network_label = self._network_label()
            if self.window.view.shows_training:
                news |= self._follow_steps(training)
        return news

    def _update_watching(self):
        """Watch another reader's training where there is one, and say so."""
        words = self.session.shared_training.update_watching(self.session, self.window.view.shows_training)
        if words:
            self.window.reopen()
            self.window.message = words

    def _report_problems(self, news):
        """Say what is wrong once, in the readout's line."""
        old, self.shown_state = self.shown_state, self.state()
        training = self.session.training
        if news and training and (old is None or old[0] is not training or old[-3:-1] != self.shown_state[-3:-1]):
            self.window.message = training.failure or training.notice or self.window.message

    def _follow_steps(self, training):
        """Return whether there is a TrainingObservation that was not shown, and see to it that there will be."""
        if training.latest is not self.observation:
            self.observation, self.observation_requested = training.latest, False
            return True
        if not self.observation_requested and not training.idle:
            training.observe()
            self.observation_requested = True
        return False

    def _follow_epochs(self, training):
        """Let the session show the network of the last epoch; return whether it does now and did not before.

        Where a view asks for more than its weights, what all test digits do to it is found first, in small parts.
        """
        report = training.report
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
        training = self.session.training
        epoch, epochs = self.report.epoch if self.report else training.latest.epoch, training.latest.epochs
        going = "" if epoch == epochs else ", learning" if training.running else ", paused"
        return f"epoch {epoch} of {epochs}{going}"

    def _show_network(self, network, analysis):
        session, training = self.session, self.session.training
        sizes, self.shown_network = session.base_network.sizes, network
        session.show_network(network, self._network_label(), analysis)
        if training.snapshots:
            session.snapshots = training.snapshots
        if network.sizes != sizes:
            self.window.reopen()
