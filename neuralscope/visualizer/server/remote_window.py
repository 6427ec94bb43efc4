"""One reader's window: a figure, a session and a MainWindow, whoever is connected to it, and whose turn it is."""

import asyncio
import logging
import time
from collections import deque

from matplotlib.figure import Figure

from neuralscope.visualizer.app.window import Scope
from neuralscope.visualizer.desktop import say_last
from neuralscope.visualizer.drawing.surface import HEIGHT, WIDTH
from neuralscope.visualizer.server.canvas import Canvas, png
from neuralscope.visualizer.views import VIEWS

LARGEST_FILE = 2**26  # bytes that one download may have
MOST_WAITING = 64  # messages; of a page that is told nothing more, for it sends faster than it can be answered
STROKE = 4  # moves of a pressed pointer that may wait; of more, as of those of a free one, the last one counts
LATE = 0.1  # seconds after which a frame goes before more that the reader does
log = logging.getLogger(__name__)


class Reader:
    """A window that is shown over a connection, which may go and come back; ``registry`` has all of them.

    What its reader does, its frames and the ticks of its timers are done one at a time, between those of other
    readers; frames and ticks wait until the page is ready for them: it has told its size, or shown the frame before.
    Whatever fails ends this window alone.
    """

    def __init__(self, name, readers):
        """Begin with nothing: the window is made in its first turn. ``name`` is known to its page alone."""
        self.name, self.readers = name, readers
        self.connection = self.scope = self.working = self.leaving = None
        self.events, self.ticks = deque(), deque()
        self.wanted, self.ready, self.file, self.title, self.told = True, False, None, "", None
        self.canvas = Canvas(Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100), self)

    def begin(self):
        """Make the window."""
        session = self.readers.new_session()
        session.hand_over = self.hand_over
        self.scope = Scope(session, self.canvas.figure, self.readers.theme, VIEWS, self.readers.view,
                           quit=lambda: self.readers.quit(self), set_title=self.set_title)

    # Who is there

    def attach(self, connection):
        """Show the window over a connection from now on."""
        if self.connection:
            self.connection.end_elsewhere()
        self.connection, self.ready, self.wanted, self.told = connection, False, True, None
        self.canvas.forget_shown()
        connection.tell("reader", name=self.name)
        self.wake()

    def detach(self):
        """Show it to nobody; ticks and frames wait."""
        self.connection, self.ready = None, False
        self.canvas.forget_shown()
        self.events.clear()
        if self.scope:
            self.scope.mouse.let_go()

    def close(self):
        """Stop the timers and end the session, with what is being learned."""
        self.connection = None
        for timer in self.canvas.timers:
            timer.stop()
        self.ticks.clear()
        if self.scope:
            say_last(self.scope.close())

    # What is to be done

    def take(self, message):
        """Do what the page says, in turn; return False where too much is waiting already."""
        if message["type"] == "ack":
            self.ready = True
        elif self.events and self._replaces(message, self.events[-1]):
            self.events[-1] = message
        elif not (message.get("repeat") and self.events):  # a key that is held never falls behind
            self.events.append(message)
        self.wake()
        return len(self.events) <= MOST_WAITING

    def _replaces(self, message, last):
        kind = message["type"]
        if kind == "motion_notify" and message["buttons"] and len(self.events) < STROKE:
            return False
        return kind == last["type"] and kind in ("motion_notify", "resize")

    def want(self):
        """Draw a frame, in turn."""
        self.wanted = True
        self.wake()

    def due(self, tick):
        """Call ``tick()``, in turn."""
        self.ticks.append(tick)
        self.wake()

    def set_title(self, words):
        """Say what the window shows, with the next frame."""
        self.title = words

    def wake(self):
        """See to it that what there is to do is done."""
        if self.connection and (self.working is None or self.working.done()):
            self.working = asyncio.ensure_future(self._work())
            self.working.add_done_callback(self._worked)

    async def _work(self):
        shown = time.monotonic()
        while self.connection:
            ready = self.ready and not self.connection.sending
            late = ready and self.wanted and time.monotonic() - shown > LATE
            if self.scope is None:
                self.begin()
            elif self.events and not late:
                self._do(self.events.popleft())
            elif ready and self.wanted:
                self._show()
                shown = time.monotonic()
            elif ready and self.file:
                (name, content), self.file = self.file, None
                self.connection.tell("file", content, name=name)
            elif ready and self.ticks:
                self.ticks.popleft()()
            else:
                return
            await asyncio.sleep(0)

    def _worked(self, work):
        if not work.cancelled() and work.exception():
            log.error("a reader's window failed and is closed", exc_info=work.exception())
            self.readers.fail(self)

    def _do(self, message):
        kind, canvas = message["type"], self.canvas
        modifiers = ["shift"] * message.get("shift", False)
        if kind == "resize":
            canvas.handle_set_device_pixel_ratio({"device_pixel_ratio": message["ratio"]})
            canvas.handle_resize(message)
        elif kind == "key_press":  # Matplotlib reads modifiers, a k, and the key
            canvas.handle_key_press({"type": kind, "key": "+".join([*modifiers, "k" + message["key"]])})
        else:
            canvas.handle_event({"button": 0, "buttons": 0, **message, "modifiers": modifiers})

    def _show(self):
        self.wanted = False
        changed = self.canvas.frame()
        if self.title != self.told:
            self.told = self.title
            self.connection.tell("title", words=self.title)
        if changed:
            left, top, pixels = changed
            width, height = self.canvas.get_width_height(physical=True)
            self.ready = False
            self.connection.tell("frame", png(pixels), left=left, top=top, width=width, height=height)

    def hand_over(self, name, content):
        """Send a file to the reader's machine, in turn; return what to say."""
        if len(content) > LARGEST_FILE:
            return f"not saved: {name} is larger than {LARGEST_FILE // 2**20} MB"
        if self.file:
            return "not saved: the file before is still to be sent; try again"
        self.file = name, content
        return f"{name} goes to your browser's downloads"
