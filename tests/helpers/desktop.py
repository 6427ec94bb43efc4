"""A person at a desktop: a virtual display, the program in a real window on it, keys and mouse by xdotool."""

import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager, suppress

from tests.helpers.environment import PROJECT, python_module

TIMEOUT_S = 60  # seconds; a loaded machine is slow to start a window


def missing_tools():
    """Return what a real window needs and this machine lacks, or nothing."""
    tools = [tool for tool in ("Xvfb", "xdotool") if not shutil.which(tool)]
    try:
        import tkinter  # noqa: F401
    except ImportError:
        tools.append("tkinter")
    return ", ".join(tools)


@contextmanager
def display(size="1600x1000"):
    """Run a virtual display and yield its name."""
    reader, writer = os.pipe()
    server = subprocess.Popen(  # without -noreset it is gone for a moment whenever the last window closes
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        name = f":{pipe.readline().strip()}"
    try:
        yield name
    finally:
        server.terminate()
        server.wait()


def environment(**changes):
    """Return this process's environment without a display, with ``changes``."""
    desk = ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND")
    made = {name: value for name, value in os.environ.items() if name not in desk}
    made["PYTHONPATH"] = str(PROJECT)
    made.update(changes)
    return made


@contextmanager
def started_program(*arguments, folder=PROJECT, preexec_fn=None, **changes):
    """Start the visualizer in a folder, and see to it that it has ended."""
    command = python_module("neuralscope.visualizer", *arguments)
    with subprocess.Popen(command, env=environment(**changes), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, cwd=folder, preexec_fn=preexec_fn) as program:
        try:
            yield program
        finally:
            program.kill()


def wait_for(look):
    """Call ``look`` until it returns something true, and return that."""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {TIMEOUT_S} seconds in vain")


class Person:
    """Somebody in front of the window that ``program`` shows on a display."""

    def __init__(self, program, display):
        """Wait for the window, give it the focus, and wait until it hears keys."""
        self.program, self.display = program, display
        self.window = wait_for(self._find)
        self.size()  # it stands: keys pressed before that would be lost
        self.do("windowfocus", "--sync", self.window)
        self._wait_until_heard()

    def _wait_until_heard(self):
        """Open the list of keys and close it: Tk loses keys that come before it has given the canvas its focus."""
        for _ in range(6):
            self.press("question")
            end = time.monotonic() + TIMEOUT_S / 6
            while time.monotonic() < end and not self.title.endswith("all keys"):
                time.sleep(0.05)
            if self.title.endswith("all keys"):
                break
        self.press("Escape")
        wait_for(lambda: not self.title.endswith("all keys"))

    def _find(self):
        assert self.program.poll() is None, self.program.communicate()
        elsewhere = select.select([self.program.stdout], [], [], 0)[0]
        assert not elsewhere, self.program.stdout.readline()
        return self.do("search", "--onlyvisible", "--name", "NeuralScope: ", check=False).split("\n")[-1]

    def do(self, *command, check=True):
        """Run an xdotool command and return what it printed."""
        return subprocess.run(["xdotool", *map(str, command)], env=environment(DISPLAY=self.display), check=check,
                              capture_output=True, text=True).stdout.strip()

    def size(self):
        """Return width and height of the window, once they stay: on some screens it grows just after it came."""
        sizes = [None]

        def look():
            shell = self.do("getwindowgeometry", "--shell", self.window)
            sizes.append(tuple(int(part.partition("=")[2]) for part in shell.split("\n")[3:5]))
            return sizes[-1] if sizes[-3:] == [sizes[-1]] * 3 else time.sleep(0.15)

        return wait_for(look)

    @property
    def title(self):
        """The window's title."""
        return self.do("getwindowname", self.window)

    def press(self, *keys):
        """Press keys, as xdotool spells them."""
        for key in keys:
            self.do("key", key)

    def leave(self):
        """Press q; again where the window had only just come, for on a loaded machine keys are lost then."""
        for _ in range(3):
            self.press("q")
            with suppress(subprocess.TimeoutExpired):
                self.program.wait(10)
                break

    def sees(self, words):
        """Wait until the title holds ``words``, and return the title."""
        return wait_for(lambda: words in self.title and self.title)

    def picture(self):
        """Return the screen as an array of pixels."""
        import numpy as np
        from PIL import ImageGrab

        return np.asarray(ImageGrab.grab(xdisplay=self.display).convert("RGB"))
