"""Which toolkit opens the window: one that would end the process is passed over, and so is one that raises."""

import os
import subprocess
import sys

import pytest

from neuralscope.visualizer import toolkits
from tests.helpers import desktop
from tests.helpers.environment import unavailable

TROUBLE = "it ends a process with SIGABRT"
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def fake_qt(tmp_path, monkeypatch):
    """Return a function that puts a PyQt6 of a line of code where this process and others find it."""
    def install(code):
        (tmp_path / "PyQt6").mkdir(exist_ok=True)
        module = tmp_path / "PyQt6" / "__init__.py"
        module.write_text(code)
        os.utime(module, (10**9, 10**9))  # as if nothing had been installed meanwhile
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{desktop.PROJECT}")
        monkeypatch.delenv("MPLBACKEND", raising=False)

    return install


@POSIX
def test_a_toolkit_that_ends_the_process_is_tried_in_another_one_and_once(fake_qt, monkeypatch):
    fake_qt("import os; os.abort()")
    assert toolkits.trial_failure("qtagg") == TROUBLE
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", None)
        assert toolkits.trial_failure("qtagg") == TROUBLE
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")  # may be what it wanted
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, "", ""))
    assert toolkits.trial_failure("qtagg") == ""
    monkeypatch.setattr(subprocess, "run", None)
    assert toolkits.trial_failure("qtagg") == ""


@pytest.mark.parametrize(("code", "trouble"), [
    ("raise RuntimeError('Invalid DISPLAY variable')", ""),  # it may be there next time, and is raised here too
    ("import time; time.sleep(60)", "it does not open one"),
    pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "it ends a process with SIGKILL",
                 marks=POSIX, id="killed by others"),
])
def test_what_may_be_otherwise_next_time_is_not_kept(code, trouble, fake_qt, monkeypatch):
    monkeypatch.setattr(toolkits, "TRIAL_TIMEOUT_S", 0.3 if "sleep" in code else 60)
    fake_qt(code)
    assert toolkits.trial_failure("qtagg") == trouble
    fake_qt("import os; os.abort()")
    monkeypatch.setattr(toolkits, "TRIAL_TIMEOUT_S", 60)
    assert (toolkits.trial_failure("qtagg") == TROUBLE) == (os.name == "posix")


def test_whatever_is_raised_leads_to_the_next_one(monkeypatch, figure):
    def make(backend, **_):
        if backend == "wxagg":
            return figure
        raise {"qtagg": RuntimeError("Invalid DISPLAY variable\nmore"), "tkagg": MemoryError()}[backend]

    from matplotlib.backend_bases import FigureManagerBase

    FigureManagerBase(figure.canvas, 1)
    monkeypatch.setattr(toolkits, "backends", lambda: ["qtagg", "tkagg", "wxagg"])
    monkeypatch.setattr(toolkits, "trial_failure", lambda _: "")
    monkeypatch.setattr(toolkits, "make_figure", make)
    troubles = []
    assert toolkits.open_figure(troubles) is figure
    assert troubles == ["qtagg: Invalid DISPLAY variable", "tkagg: MemoryError"]


@pytest.mark.parametrize(("changes", "installed", "expected"), [
    ({"MPLBACKEND": "TkAgg"}, "PyQt6", "tkagg"),
    ({"MPLBACKEND": "qtagg"}, "", "qtagg"),
    ({"MPLBACKEND": "module://My.Own"}, "", "module://My.Own"),
    ({}, "PySide6", "qtagg tkagg"),
    ({}, "gi", "gtk4agg gtk3agg tkagg"),
    ({}, "wx", "tkagg wxagg"),
])
def test_they_are_asked_in_matplotlib_s_order_and_pyplot_is_left_out(changes, installed, expected, tmp_path):
    if sys.platform != "linux":
        pytest.skip("other systems have others")
    if installed:
        (tmp_path / f"{installed}.py").touch()
    code = ("import sys; from neuralscope.visualizer.toolkits import backends; "
            "print(*backends(), 'matplotlib.pyplot' in sys.modules)")
    path = os.pathsep.join([str(tmp_path), str(desktop.PROJECT)])
    done = subprocess.run([sys.executable, "-c", code], env=desktop.environment(**changes, PYTHONPATH=path),
                          capture_output=True, text=True, check=True)
    assert done.stdout == f"{expected} False\n"


@pytest.mark.slow
@POSIX
@pytest.mark.usefixtures("warm")
def test_a_person_sees_the_window_of_the_next_toolkit(fake_qt, tmp_path):
    if desktop.missing_tools():
        unavailable("window", f"a real window needs {desktop.missing_tools()}")
    fake_qt("import os; os.abort()")
    with desktop.display() as screen, desktop.started_program(
            "--dataset", "digits", DISPLAY=screen, PYTHONPATH=os.environ["PYTHONPATH"]) as program:
        desktop.Person(program, screen).leave()
        errors = program.communicate(timeout=desktop.TIMEOUT_S)[1]
    assert (program.returncode, errors) == (
        0, f"neuralscope.visualizer: qtagg: {TROUBLE}; the next toolkit opens the window\n")
