"""Where the project is, and what a machine must have for a test."""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
STRICT_WARNINGS = "import warnings; warnings.filterwarnings('error', module='neuralscope')"


def unavailable(what, reason):
    """Skip the test, or fail it where ``NEURALSCOPE_NO_SKIP`` names ``what`` it wants: window, browser, mnist, ...

    "formats": what `neuralscope[formats]` installs; "notebook": what `neuralscope[notebook-test]` does; "peers": the
    libraries whose networks are read.
    """
    if what in os.environ.get("NEURALSCOPE_NO_SKIP", "").split():
        pytest.fail(f"may not be skipped here: {reason}", pytrace=False)
    pytest.skip(reason)


def optional_package(name, what="formats"):
    """Return a package by its name, or do what `unavailable` does."""
    try:
        return importlib.import_module(name)
    except ImportError:
        unavailable(what, f"needs the package {name}")


def need(module, what):
    """Go on where an optional package is installed; ``what`` as for `unavailable`."""
    if not importlib.util.find_spec(module):
        unavailable(what, f"needs {module}")


def python(code, *arguments):
    """Return the command line of a Python that runs ``code``, in which a warning of our modules is an error."""
    return [sys.executable, "-c", f"{STRICT_WARNINGS}\n{code}", *map(str, arguments)]


def python_module(name, *arguments):
    """Return the command line of ``python -m name``, in which a warning of our modules is an error."""
    return python(f"import runpy; runpy.run_module({name!r}, run_name='__main__', alter_sys=True)", *arguments)
