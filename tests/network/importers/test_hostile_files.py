"""Ten thousand damaged and hostile files of all formats: refused in a line, nothing else opened, memory bounded."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.helpers.environment import PROJECT, optional_package

BATCHES, FILES = 4, 2500


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which files a process opens")
def test_no_file_brings_down_what_reads_it_or_opens_another(tmp_path):
    for name in ("safetensors", "h5py", "onnx"):
        optional_package(name)
    outcomes, ends = Counter(), Counter()
    for seed in range(BATCHES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        command = [sys.executable, "-m", "tests.helpers.hostile_files", folder, str(seed), str(FILES)]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=900, check=False,
                              env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
        assert done.returncode == 0, f"{sorted(folder.iterdir())}: {done.stderr[-2000:]}"
        report = json.loads(done.stdout)
        assert (report["failures"], report["opened"], report["canary"]) == ([], [], False)
        assert report["memory_mib"] < 64
        assert report["process_memory_mib"] < 256
        outcomes.update(report["outcomes"])
        ends.update(report["process_ends"])
    assert outcomes.total() == BATCHES * FILES
    endings = {outcome.split()[0] for outcome in outcomes}
    assert all(outcomes[f"{ending} {result}"] for ending in endings for result in ("read", "refused"))
    print(outcomes, ends)
