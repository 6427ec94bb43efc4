"""The phases of a training: each event in each phase."""

import pytest

from neuralscope.visualizer.live.phases import Event, Phase, next_phase

WALK = {  # phase: each event that means something there, and the phase after it
    "PAUSED": "GO RUNNING, CLOSE CLOSING, FAILED FAILED",
    "RUNNING": "GO RUNNING, PAUSE PAUSING, CLOSE CLOSING, LEARNED WRITING, FAILED FAILED",
    "PAUSING": "GO RUNNING, PAUSE PAUSING, CLOSE CLOSING, RESTED PAUSED, LEARNED WRITING, FAILED FAILED",
    "WRITING": "WRITTEN SAVED, NOT_WRITTEN UNWRITTEN, FAILED FAILED",
    "UNWRITTEN": "WRITTEN SAVED, NOT_WRITTEN UNWRITTEN, FAILED FAILED, CLOSED CLOSED",
    "SAVED": "CLOSED CLOSED",
    "FAILED": "CLOSED CLOSED",
    "CLOSING": "LEARNED WRITING, FAILED FAILED, CLOSED CLOSED",
    "CLOSED": "",
}
TOLD = {"GO", "PAUSE", "CLOSE"}  # by a person, at any time


@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.name)
def test_every_event_in_every_phase_leads_on_is_ignored_or_is_a_fault(phase):
    wanted = dict(pair.split() for pair in WALK[phase.name].split(", ") if pair) | {"PROCESS_ENDED": "CLOSED"}
    for event in Event:
        if event.name in wanted:
            assert next_phase(phase, event).name == wanted[event.name]
        elif event.name in TOLD:
            assert next_phase(phase, event) is phase
        else:
            with pytest.raises(ValueError, match=f"{event.name} in Phase.{phase.name}"):
                next_phase(phase, event)
