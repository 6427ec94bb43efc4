"""All readers of a server: who has a window, who may come back to it, and how many there may be."""

import asyncio
import contextlib
import secrets

from neuralscope.visualizer.server.remote_window import Reader
from neuralscope.visualizer.server.websocket import ENDED, FAILED, GOING_AWAY, TRY_AGAIN

MOST = 100  # windows, with those kept for readers who are away
KEPT = 60  # seconds for which a window waits for its reader to come back


class Readers:
    """Makes a window for each reader: ``new_session`` its session, ``view`` the letter of its first view.

    ``ended()`` is called where a reader's q is to end the program; None: it ends that window alone.
    """

    def __init__(self, new_session, theme, view, ended=None):
        """Begin with nobody."""
        self.new_session, self.theme, self.view, self.ended = new_session, theme, view, ended
        self._known = {}  # by name; who left first comes first of those who are away

    def __len__(self):
        return len(self._known)

    def admit(self, connection, name):
        """Return the reader of this name, else a new one, shown over a connection; None where all are taken.

        For a new one, whoever has been away longest is given up.
        """
        reader = self._known.get(name)
        if reader is None:
            away = (one for one in self._known.values() if not one.connection)
            if len(self) >= MOST and not self.free(next(away, None)):
                connection.end(TRY_AGAIN, f"All {MOST} windows of this server are taken; this page tries again.")
                return None
            reader = Reader(secrets.token_urlsafe(16), self)
            self._known[reader.name] = reader
        if reader.leaving:
            reader.leaving.cancel()
        reader.attach(connection)
        return reader

    def leave(self, reader):
        """Keep a reader's window for a while after its connection went."""
        if reader.name in self._known:
            self._known[reader.name] = self._known.pop(reader.name)
            reader.leaving = asyncio.get_running_loop().call_later(KEPT, self.free, reader)
            reader.detach()

    def free(self, reader):
        """Give a reader's window up, soon: what fails then fails alone. Return whether there was one."""
        if reader is None or self._known.pop(reader.name, None) is None:
            return False
        if reader.leaving:
            reader.leaving.cancel()
        asyncio.get_running_loop().call_soon(reader.close)
        return True

    def quit(self, reader):
        """End a reader's window as it asks for, and the program where the page stands in for a missing display."""
        what = "The program has ended." if self.ended else "This window has ended. Reload the page for a new one."
        self._end(reader, ENDED, what)
        if self.ended:
            self.ended()

    def fail(self, reader):
        """End a reader's window, in which something failed."""
        self._end(reader, FAILED, "Something failed in this window, and it has ended. Reload the page for a new one.")

    def _end(self, reader, code, words):
        connection = reader.connection
        self.free(reader)
        if connection:
            connection.end(code, words)

    def close(self):
        """End all windows; where one fails to, the others end all the same."""
        everybody, self._known = list(self._known.values()), {}
        with contextlib.ExitStack() as stack:
            for reader in everybody:
                stack.callback(reader.close)
                if reader.connection:
                    reader.connection.end(GOING_AWAY, "")
