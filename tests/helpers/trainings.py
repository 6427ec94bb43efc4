"""Waiting for trainings on threads and in processes of their own, by what they have reached and never by a clock."""

import time


def wait(until):
    """Wait until something is so, up to 60 seconds."""
    begun = time.monotonic()
    while not until():
        waited = time.monotonic() - begun
        assert waited < 60
        time.sleep(0.001 if waited < 0.1 else 0.01)  # what takes longer needs the processor itself


def rest(training):
    wait(lambda: training.state.idle)


def poll(window, until=lambda: True):
    """Let the timer beat until something is so and shown."""
    def beaten():
        window.training_sync.rest_until = 0.0
        window.training_sync.frame_started = None
        window.training_sync.poll()
        return until()

    wait(beaten)
    for _ in range(3):
        beaten()


def wait_until_idle(window):
    training, setup = window.session.training, window.session.training_setup
    state = training and training.state
    return not setup.busy and (training is None or (state.idle and (state.saved or not state.finished)))
