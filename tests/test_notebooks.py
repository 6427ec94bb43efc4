"""The notebooks of docs/notebooks: kept without outputs, and each runs from its first cell to its last."""

import importlib.util
import json
import os
from pathlib import Path

import pytest

from tests.helpers.environment import PROJECT, unavailable

NOTEBOOKS = sorted((PROJECT / "docs" / "notebooks").glob("*.ipynb"))
NEEDED = "nbclient", "nbformat", "ipykernel"


def code_cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_are_kept_without_outputs(path):
    assert not [cell for cell in code_cells(path) if cell["outputs"] or cell["execution_count"] is not None]


def test_there_are_three_of_them():
    assert {path.stem for path in NOTEBOOKS} == {"your_own_network", "what_a_network_does", "the_check_up"}


@pytest.fixture
def run_notebook(tmp_path, monkeypatch):
    """Return a function that runs a notebook in a real kernel and returns it with its outputs, or skip."""
    missing = [name for name in NEEDED if not importlib.util.find_spec(name)]
    if missing:
        unavailable("notebook", f"needs {', '.join(missing)}: pip install -e '.[notebook-test]'")
    import ipykernel
    import nbformat
    from nbclient import NotebookClient

    shared = Path(ipykernel.__file__).parents[1] / "share" / "jupyter"  # where pip --target puts it
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    if shared.is_dir():
        monkeypatch.setenv("JUPYTER_PATH", str(shared))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.delenv("MPLBACKEND", raising=False)

    def run(notebook):
        NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(
            tmp_path)}}).execute()
        return notebook

    run.read = lambda path: nbformat.read(path, as_version=4)
    run.of = lambda *sources: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    return run


def shown(cell):
    """Return the kinds of what a cell shows: "image/png"."""
    return {kind for output in cell.outputs if output.output_type in ("execute_result", "display_data")
            for kind in output.data}


def printed(cell):
    """Return the lines that a cell printed; what it says on standard error comes before or after these."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout").splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_runs(path, run_notebook):
    notebook = run_notebook(run_notebook.read(path))
    figures = [cell for cell in notebook.cells if cell.cell_type == "code" and "neuralscope.figure(" in cell.source]
    assert all("image/png" in shown(cell) for cell in figures)


@pytest.mark.slow
def test_a_kernel_stays_as_it_was(run_notebook):
    notebook = run_notebook(run_notebook.of(
        "import matplotlib, numpy as np, sklearn.datasets, scipy.linalg, threadpoolctl\n"
        "X, y = sklearn.datasets.load_digits(return_X_y=True)\n"
        "threadpoolctl.threadpool_limits(2, user_api='blas')\n"
        "def state():\n"
        "    return ([pool['num_threads'] for pool in threadpoolctl.threadpool_info() if pool['user_api'] == 'blas'],\n"
        "            np.random.get_state()[1].tolist(), dict(matplotlib.rcParams.copy()))\n"
        "before = state()",
        "import neuralscope\n"
        "network, history = neuralscope.train(X, y, hidden=(8,), epochs=2)",
        "neuralscope.figure(network, X, y, view='explore')",
        "print(state() == before)",
        "%matplotlib inline\n"
        "neuralscope.figure(network, X, y, view='why', digit=80)",
        "import asyncio, json, urllib.request\n"
        "window = neuralscope.show(network, X, y, browser=True, block=False)\n"
        "print(json.load(urllib.request.urlopen(window.address + 'health'))['status'],\n"
        "      asyncio.get_running_loop() is not None)\n"
        "window.close()"))
    cells = notebook.cells
    assert "image/png" in shown(cells[2])  # without %matplotlib inline
    assert "image/png" in shown(cells[4])  # with it
    assert [printed(cell)[-1] for cell in (cells[3], cells[5])] == ["True", "ok True"]
