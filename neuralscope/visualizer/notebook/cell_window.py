"""The window behind a widget: drawn and answered in the event loop of the notebook's kernel, until its cell is gone."""

import asyncio
import copy
import threading

from neuralscope.cli import print_message
from neuralscope.errors import InputError
from neuralscope.visualizer.live.launcher import shut_down
from neuralscope.visualizer.live.process_client import RemoteTraining
from neuralscope.visualizer.live.setup import TrainingSetup
from neuralscope.visualizer.server.client_messages import check_message
from neuralscope.visualizer.server.memory import GIVE_BACK_DELAY_S, give_back_memory
from neuralscope.visualizer.server.remote_window import RemoteWindow

RETURN_TIMEOUT_S = 60  # seconds for which a window that no cell shows waits: a moved or folded cell shows it again soon
AGAIN_TEXT = "Run the cell again for a new one."
LEFT_TEXT = f"This window has ended. {AGAIN_TEXT}"
FAILED_TEXT = f"Something failed in this window, and it has ended. {AGAIN_TEXT}"
ELSEWHERE_TEXT = "This window is shown elsewhere in the notebook now. Click here to have it back."


class ViewConnection:
    """Where a window is shown: the ``view`` of a widget, to which ``send(content, buffers)`` speaks among others."""

    pending_sends = ()  # nothing waits: what is sent is the kernel's

    def __init__(self, send, view):
        """Speak to the view of this name."""
        self._send, self.view = send, view

    def send_event(self, event_type, content=None, **properties):
        """Send the view an event, and the picture that belongs to it."""
        self._send({"to": self.view, "type": event_type, **properties}, content and [content])

    def end_taken_over(self):
        """Say that another view shows the window."""
        self.send_event("ended", words=ELSEWHERE_TEXT, returns=True)


class CellWindow:
    """A window of a notebook, and all that `RemoteWindow` asks of those who keep it.

    ``send(content, buffers)`` sends the widget's views a message. ``ended()`` is called when the window has ended by
    itself: nobody has shown it for RETURN_TIMEOUT_S. Begun in the kernel's event loop; ``receive`` and ``close`` may be
    called from any thread.
    """

    quit_question = "End this window? Its drawing goes with it."

    def __init__(self, new_session, theme, view, send, ended):
        """Make the window, which nobody sees yet; raises InputError."""
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError as error:
            raise InputError("a widget needs the event loop of a notebook, and none runs here",
                             "show it from a cell") from error
        self.theme, self.view, self._new_session, self._send, self._ended = theme, view, new_session, send, ended
        self._expiry_timer, self.last_words = None, ""
        self.remote_window = RemoteWindow("", self, downloads=False)  # into the kernel's current folder
        self.remote_window.make_main_window()

    def new_session(self):
        """Return the session of the window; what it trains has a process of its own, so the kernel stays free."""
        session = self._new_session()
        session.training_setup = session.training_setup or TrainingSetup()
        if session.dataset.reload:
            session.training_setup.make_training = RemoteTraining
        return session

    @property
    def figure(self):
        """The figure that holds the window, or None once that has ended."""
        return self.remote_window and self.remote_window.canvas.figure

    # What its views say

    def receive(self, content):
        """Take a message of a view: ``{"view": its name, "message": as of a page, or of type open or leave}``."""
        self._loop.call_soon_threadsafe(self._receive, content)

    def _receive(self, content):
        view, message = content["view"], content["message"]
        window = self.remote_window
        if window is None:
            if message["type"] == "open":
                ViewConnection(self._send, view).send_event("ended", words=self.last_words)
        elif message["type"] == "open":
            self._stop_waiting()
            window.attach(ViewConnection(self._send, view))
        elif window.connection and window.connection.view == view:
            self._heed(message)

    def _heed(self, message):
        window = self.remote_window
        if message["type"] == "leave":
            window.detach()
            self._send({"type": "free"})
            self._expiry_timer = self._loop.call_later(RETURN_TIMEOUT_S, self._ended)
            return
        window.receive(check_message(message))  # while a cell ran any number may have come: all are answered
        if message["type"] == "motion_notify":
            window.connection.send_event("moved")  # the view keeps the next one back till then

    def _stop_waiting(self):
        if self._expiry_timer:
            self._expiry_timer.cancel()
        self._expiry_timer = None

    # How it ends

    def quit(self, window):
        """End as a key, or its view, asks."""
        self._end(LEFT_TEXT)

    def fail(self, window):
        """End, for something failed."""
        self._end(FAILED_TEXT)

    def _end(self, words):
        if self.remote_window and self.remote_window.connection:
            self.remote_window.connection.send_event("ended", words=words)
        self.last_words = words
        self._loop.call_soon(self._close)

    def close(self):
        """End, as soon as the loop is free."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._close)

    def _close(self):
        window, self.remote_window = self.remote_window, None
        if window is None:
            return
        self.last_words = self.last_words or LEFT_TEXT
        self._stop_waiting()
        end_training_beside(window.main_window.session)
        window.close()
        self._new_session = self._ended = None
        self._loop.call_later(GIVE_BACK_DELAY_S, give_back_memory)


def end_training_beside(session):
    """End what a session trains on a thread, for that takes until the step at work is done and a file is written."""
    leaving = copy.copy(session)
    session.training, session.training_setup = None, TrainingSetup()
    if leaving.training or leaving.training_setup.busy:
        threading.Thread(target=lambda: print_message(shut_down(leaving)), name="shutdown").start()
