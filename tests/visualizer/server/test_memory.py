"""What closed windows held goes back to the system."""

import subprocess
import sys

import pytest

from tests.helpers import desktop

PROGRAM = """
import gc
from neuralscope.visualizer.server.memory import give_back_memory

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

gc.disable()
kept, ring = [], []
for _ in range(3000):  # pieces too small for pages of their own, every tenth of which stays
    kept.append(bytearray(2000))
    ring.append([bytearray(20_000)])
    ring[-1].append(ring[-1])
ring = None
full = resident()
give_back_memory()
print(full - resident() > 40_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it goes back by itself, or not at all")
def test_what_is_free_between_what_is_used_goes_back():
    made = subprocess.run([sys.executable, "-c", PROGRAM], env=desktop.environment(), capture_output=True, text=True,
                          check=True)
    assert made.stdout == "True\n"
