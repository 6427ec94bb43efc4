"""What a person did wrong, as it crosses from one process to another."""

import pickle

from neuralscope.errors import InputError
from neuralscope.network.options import OptionError
from neuralscope.visualizer.live.launcher import LaunchError


def test_what_a_person_did_wrong_crosses_to_another_process():
    for error in (InputError("no\nmore"), OptionError("epochs", -1, "more"), LaunchError("why", "that")):
        found = pickle.loads(pickle.dumps(error))
        assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))
