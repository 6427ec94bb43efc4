"""All readers of a server: who has a window, who may come back to it, and how many there may be."""

import asyncio
import contextlib
import secrets

from neuralscope.visualizer.server.memory import GIVE_BACK_DELAY_S, give_back_memory
from neuralscope.visualizer.server.remote_window import RemoteWindow
from neuralscope.visualizer.server.websocket import CLOSE_ENDED, CLOSE_FAILED, CLOSE_GOING_AWAY, CLOSE_TRY_AGAIN

GONE_TEXT = "your window before is gone, with its drawing and digit: this is a new one"
MAX_WINDOWS = 100  # windows, with those kept for readers who are away
RECONNECT_TIMEOUT_S = 3600  # seconds for which a window waits for its reader to come back


class WindowRegistry:
    """Makes a window for each reader: ``new_session`` its session, ``view`` the letter of its first view.

    ``ended()`` is called where a reader's q is to end the program; None: it ends that window alone.
    """

    def __init__(self, new_session, theme, view, ended=None):
        """Begin with nobody."""
        self.new_session, self.theme, self.view, self.ended = new_session, theme, view, ended
        self._memory_timer = None
        self._windows = {}  # by name; who left first comes first of those who are away

    def __len__(self):
        return len(self._windows)

    def connect(self, connection, name):
        """Return the reader of this name, else a new one, shown over a connection; None where all are taken.

        For a new one, whoever has been away longest is given up. Who comes back to none is told so.
        """
        window = self._windows.get(name)
        if window is None:
            away = (candidate for candidate in self._windows.values() if not candidate.connection)
            if len(self) >= MAX_WINDOWS and not self.discard(next(away, None)):
                connection.end_with_reason(
                    CLOSE_TRY_AGAIN, f"All {MAX_WINDOWS} windows of this server are taken; this page tries again."
                )
                return None
            window = RemoteWindow(secrets.token_urlsafe(16), self, GONE_TEXT if name else None)
            self._windows[window.name] = window
        if window.expiry_timer:
            window.expiry_timer.cancel()
        window.attach(connection)
        return window

    def disconnect(self, window):
        """Keep a reader's window for a while after its connection went."""
        if window.name in self._windows:
            self._windows[window.name] = self._windows.pop(window.name)
            window.expiry_timer = asyncio.get_running_loop().call_later(RECONNECT_TIMEOUT_S, self.discard, window)
            window.detach()

    def discard(self, window):
        """Give a reader's window up, soon: what fails then fails alone. Return whether there was one."""
        if window is None or self._windows.pop(window.name, None) is None:
            return False
        if window.expiry_timer:
            window.expiry_timer.cancel()
        loop = asyncio.get_running_loop()
        loop.call_soon(window.close)
        if self._memory_timer is None:
            self._memory_timer = loop.call_later(GIVE_BACK_DELAY_S, self._give_back_memory)
        return True

    def _give_back_memory(self):
        self._memory_timer = None
        give_back_memory()

    @property
    def quit_question(self):
        """What a reader is asked before a tap ends the window, or the program with it."""
        return "End the program?" if self.ended else "End this window? Its drawing goes with it."

    def quit(self, window):
        """End a reader's window as it asks for, and the program where the page stands in for a missing display."""
        message = "The program has ended." if self.ended else "This window has ended. Reload the page for a new one."
        self._end(window, CLOSE_ENDED, message)
        if self.ended:
            self.ended()

    def fail(self, window):
        """End a reader's window, in which something failed."""
        self._end(
            window, CLOSE_FAILED, "Something failed in this window, and it has ended. Reload the page for a new one."
        )

    def _end(self, window, code, reason):
        connection = window.connection
        self.discard(window)
        if connection:
            connection.end_with_reason(code, reason)

    def close(self):
        """End all windows; where one fails to, the others end all the same."""
        windows, self._windows = list(self._windows.values()), {}
        with contextlib.ExitStack() as stack:
            for window in windows:
                stack.callback(window.close)
                if window.connection:
                    window.connection.end_with_reason(CLOSE_GOING_AWAY, "")
