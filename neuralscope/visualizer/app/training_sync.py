"""Shows what a training has come to, on a timer of the canvas, and no more often than the training can afford.

A frame holds Python's lock for most of its time, so the training hardly moves meanwhile. After a frame that took a
second there are REST seconds without one: frames take a tenth of the time at most, however slow they are.
"""

import time

from neuralscope.visualizer.session.analysis_cache import Study

BEAT = 30  # milliseconds
REST = 9
SLICE = 0.015  # seconds of work between two events: nobody feels them


class Pulse:
    """Follows the training of ``scope``'s session: into the view that shows it, and at epoch ends into all others."""

    def __init__(self, scope):
        """Stand still."""
        self.scope, self.timer, self.beating = scope, None, False
        self.began, self.rest_until = None, 0.0  # of the frame that is being drawn, and after it
        self.known = self.moment = self.report = self.coming = self.taken = None
        self.asked = False

    @property
    def session(self):
        """What the window is looking at."""
        return self.scope.session

    def keep_up(self):
        """Beat where there is something to follow."""
        if self.beating or not (self.session.plan.busy or self.state() != self.known or self.works()):
            return
        if self.timer is None:
            self.timer = self.scope.figure.canvas.new_timer(interval=BEAT, callbacks=[(self.beat, (), {})])
        self.beating = True
        self.timer.start()

    def works(self):
        """Say whether a training has something to say that is not shown yet, or will have, at somebody else's bidding.
        """
        session, training = self.session, self.session.training
        if session.trainings and (self.scope.view.shows_training or (training and training.muted)):
            return True
        return training is not None and (not training.at_rest or training.report is not self.report or self.coming
                                         or self.lags())

    def lags(self):
        """Say whether the file's network is shown still, though what is learned is asked for again."""
        session = self.session
        return session.follows and session.training.report and session.whole is session.model.network

    def state(self):
        """Return what of a training should be shown whenever it changes."""
        training, plan = self.session.training, self.session.plan
        return (training, plan.launch, plan.farewell, plan.failure, plan.refused) + ((
            training.running, training.at_rest, training.finished, training.failure, training.notice,
            training.latest.check) if training else ())

    def beat(self):
        """Look whether there is news, and show it."""
        if self.began is not None or time.perf_counter() < self.rest_until:
            return
        began = time.perf_counter()
        if self._look():
            self.began = began
            self.scope.refresh()
        elif not (self.session.plan.busy or self.works()):
            self.stop()

    def drawn(self):
        """Rest, after a frame that the training asked for."""
        if self.began is not None:
            now = time.perf_counter()
            self.rest_until, self.began = now + REST * (now - self.began), None

    def stop(self):
        """Beat no more."""
        if self.beating:
            self.timer.stop()
        self.beating = False

    def _look(self):
        """Take over what is new; return whether it should be shown."""
        session = self.session
        if session.trainings:
            self._attend()
        if session.plan.launch:
            training = session.plan.launch.result()
            if not session.plan.launch:
                self.scope.message = session.plan.failure or None
            if training:
                session.training, session.follows, self.report = training, True, None
                self._take(training.latest.network, None)
                session.layer = 0  # its weights are pictures
        if session.plan.farewell and session.plan.farewell.words is not None:
            self.scope.message = session.plan.farewell.words or self.scope.message
            session.plan.farewell = None
            session.plan.look_around(session.dataset)
        news = self.state() != self.known
        self._say(news)
        training = session.training
        if training:
            news |= self._follow_epochs(training)
            if session.whole is self.taken and not self.coming:
                session.stage = self._stage()
            if self.scope.view.shows_training:
                news |= self._follow_steps(training)
        return news

    def _attend(self):
        """Watch another reader's training where there is one, and say so."""
        words = self.session.trainings.attend(self.session, self.scope.view.shows_training)
        if words:
            self.scope.reopen()
            self.scope.message = words

    def _say(self, news):
        """Say what is wrong once, in the readout's line."""
        old, self.known = self.known, self.state()
        training = self.session.training
        if news and training and (old is None or old[0] is not training or old[-3:-1] != self.known[-3:-1]):
            self.scope.message = training.failure or training.notice or self.scope.message

    def _follow_steps(self, training):
        """Return whether there is a Moment that was not shown, and see to it that there will be."""
        if training.latest is not self.moment:
            self.moment, self.asked = training.latest, False
            return True
        if not self.asked and not training.at_rest:
            training.look()
            self.asked = True
        return False

    def _follow_epochs(self, training):
        """Let the session show the network of the last epoch; return whether it does now and did not before.

        Where a view asks for more than its weights, what all test digits do to it is found first, in small parts.
        """
        report = training.report
        if self.lags():
            self.report = None  # the last one is taken again
        if self.coming is None and (report in (None, self.report) or not self.session.follows):
            self.report = report
            return False
        if self.scope.view.shows_training:
            self.coming, self.report = None, report
            self._take(report.network, None)
            return True
        if self.coming is None:
            study = Study(report.network, self.session.digits, self.session.study)
            self.coming = report, study, study.steps()
        report, study, steps = self.coming
        end = time.perf_counter() + SLICE
        while not study.survey.evaluated and time.perf_counter() < end:
            next(steps)
        if study.survey.evaluated:
            self.coming, self.report = None, report
            self._take(report.network, study)
        return self.coming is None

    def _stage(self):
        """Return what the headlines call the network that was taken."""
        training = self.session.training
        epoch, epochs = self.report.epoch if self.report else training.latest.epoch, training.latest.epochs
        going = "" if epoch == epochs else ", learning" if training.running else ", paused"
        return f"epoch {epoch} of {epochs}{going}"

    def _take(self, network, study):
        session, training = self.session, self.session.training
        sizes, self.taken = session.whole.sizes, network
        session.take(network, self._stage(), study)
        if training.snapshots:
            session.snapshots = training.snapshots
        if network.sizes != sizes:
            self.scope.reopen()
