"""One reader's window: a figure, a session and a MainWindow, whoever is connected to it, and whose turn it is."""

import asyncio
import logging
import time
from collections import deque

from matplotlib.figure import Figure

from neuralscope.cli import print_message
from neuralscope.visualizer.app.live_text import live_texts
from neuralscope.visualizer.app.window import MainWindow
from neuralscope.visualizer.drawing.surface import DESIGN_HEIGHT, DESIGN_WIDTH
from neuralscope.visualizer.server.canvas import WindowCanvas, encode_png
from neuralscope.visualizer.server.client_messages import POINT_FIELDS
from neuralscope.visualizer.server.pixel_ratio import PixelRatio
from neuralscope.visualizer.views import VIEWS

MAX_DOWNLOAD_BYTES = 2**26  # bytes that one download may have
MAX_WAITING_MESSAGES = 64  # messages; of a page that is told nothing more, for it sends faster than it can be answered
# moves of a pressed pointer that may wait; of more, as of those of a free one, the last one counts
MAX_WAITING_MOVES = 4
MAX_FRAME_DELAY_S = 0.1  # seconds after which a frame goes before more that the reader does
log = logging.getLogger(__name__)


class RemoteWindow:
    """A window that is shown over a connection, which may go and come back; ``registry`` has all of them.

    What its reader does, its frames and the ticks of its timers are done one at a time, between those of other
    readers; frames and ticks wait until the page is ready for them: it has told its size, or shown the frame before.
    Whatever fails ends this window alone.
    """

    def __init__(self, name, registry, first_words=None, downloads=True):
        """Begin with nothing: the window is made in its first turn. ``name`` is known to its page alone.

        ``first_words``: what the readout says at first, or None; ``downloads``: what is saved goes to the reader.
        """
        self.name, self.registry, self._downloads = name, registry, downloads
        self.connection = self.main_window = self.work_task = self.expiry_timer = None
        self.waiting_messages, self.due_ticks = deque(), deque()
        self.frame_requested, self.page_ready, self.pending_file, self.title, self.sent_title = (
            True,
            False,
            None,
            "",
            None,
        )
        self.pixel_ratio, self.page_size, self.sent_ratio, self.shown_ratio = PixelRatio(), None, 1.0, 1.0
        self.sent_texts, self.message_type, self.first_words = None, None, first_words
        self.canvas = WindowCanvas(Figure(figsize=(DESIGN_WIDTH / 100, DESIGN_HEIGHT / 100), dpi=100), self)

    def make_main_window(self):
        """Make the window."""
        session = self.registry.new_session()
        session.download = self.download if self._downloads else None
        self.main_window = MainWindow(session, self.canvas.figure, self.registry.theme, VIEWS, self.registry.view,
                                      quit=self.quit, set_title=self.set_title)
        if self.first_words:
            self.main_window.say(self.first_words)
            self.main_window.refresh()

    def quit(self):
        """Leave as a key says; a tap may be a slip, of which the page asks first."""
        if self.message_type == "key_press":
            self.registry.quit(self)
        elif self.connection:
            self.connection.send_event("quit", words=self.registry.quit_question)

    # Who is there

    def attach(self, connection):
        """Show the window over a connection from now on."""
        if self.connection:
            self.connection.end_taken_over()
        self.connection, self.page_ready, self.frame_requested = connection, False, True
        self.sent_title = self.sent_texts = None
        self.canvas.forget_last_frame()
        connection.send_event("reader", name=self.name)
        self.schedule_work()

    def detach(self):
        """Show it to nobody; ticks and frames wait."""
        self.connection, self.page_ready = None, False
        self.canvas.forget_last_frame()
        self.waiting_messages.clear()
        if self.main_window:
            self.main_window.mouse.end_drag()

    def close(self):
        """Stop the timers and end the session, with what is being learned."""
        self.connection = None
        for timer in self.canvas.timers:
            timer.stop()
        self.due_ticks.clear()
        if self.main_window:
            print_message(self.main_window.close())

    # What is to be done

    def receive(self, message):
        """Do what the page says, in turn; return False where too much is waiting already."""
        if message["type"] == "ack":
            self.page_ready, self.shown_ratio = True, self.sent_ratio
        elif self.waiting_messages and self._replaces(message, self.waiting_messages[-1]):
            self.waiting_messages[-1] = message
        elif not (message.get("repeat") and self.waiting_messages):  # a key that is held never falls behind
            self.waiting_messages.append(message)
        self.schedule_work()
        return len(self.waiting_messages) <= MAX_WAITING_MESSAGES

    def _replaces(self, message, last):
        message_type = message["type"]
        if message_type == "motion_notify" and message["buttons"] and len(self.waiting_messages) < MAX_WAITING_MOVES:
            return False
        return message_type == last["type"] and message_type in ("motion_notify", "resize")

    def request_frame(self):
        """Draw a frame, in turn."""
        self.frame_requested = True
        self.schedule_work()

    def queue_tick(self, tick):
        """Call ``tick()``, in turn."""
        self.due_ticks.append(tick)
        self.schedule_work()

    def set_title(self, words):
        """Say what the window shows, with the next frame."""
        self.title = words

    def schedule_work(self):
        """See to it that what there is to do is done."""
        if self.connection and (self.work_task is None or self.work_task.done()):
            self.work_task = asyncio.ensure_future(self._work())
            self.work_task.add_done_callback(self._on_work_done)

    async def _work(self):
        last_frame_time = time.monotonic()
        while self.connection:
            ready = self.page_ready and not self.connection.pending_sends
            frame_overdue = ready and self.frame_requested and time.monotonic() - last_frame_time > MAX_FRAME_DELAY_S
            if self.main_window is None:
                self.make_main_window()
            elif self.waiting_messages and not frame_overdue:
                self._handle_message(self.waiting_messages.popleft())
            elif ready and self.frame_requested:
                self._send_frame()
                last_frame_time = time.monotonic()
            elif ready and self.pending_file:
                (name, content), self.pending_file = self.pending_file, None
                self.connection.send_event("file", content, name=name)
            elif ready and self.due_ticks:
                self.due_ticks.popleft()()
            else:
                return
            await asyncio.sleep(0)

    def _on_work_done(self, work):
        if not work.cancelled() and work.exception():
            log.error("a reader's window failed and is closed", exc_info=work.exception())
            self.registry.fail(self)

    def _handle_message(self, message):
        message_type, canvas = message["type"], self.canvas
        self.message_type = message_type
        modifiers = ["shift"] * message.get("shift", False)
        if message_type == "quit":
            self.registry.quit(self)
        elif message_type == "resize":
            self.page_size = message
            self.pixel_ratio.ask(message["ratio"])
            self._resize()
        elif message_type == "key_press":  # Matplotlib reads modifiers, a k, and the key
            canvas.handle_key_press({"type": message_type, "key": "+".join([*modifiers, "k" + message["key"]])})
        else:
            scale = canvas.device_pixel_ratio / self.shown_ratio  # the page points into the frame that it shows
            place = {name: message[name] * scale for name in POINT_FIELDS}
            canvas.handle_event({"button": 0, "buttons": 0, **message, **place, "modifiers": modifiers})

    def _resize(self):
        """Let the canvas have as many pixels as it may."""
        self.canvas.handle_set_device_pixel_ratio({"device_pixel_ratio": self.pixel_ratio.value})
        self.canvas.handle_resize(self.page_size)

    def _send_frame(self):
        """Send what changed, and take note of how long that held the others up."""
        started = time.perf_counter()
        self._send_changes()
        if self.page_size and self.pixel_ratio.add_frame(time.perf_counter() - started):
            self._resize()

    def _send_changes(self):
        self.frame_requested = False
        changed = self.canvas.draw_changes()
        if self.title != self.sent_title:
            self.sent_title = self.title
            self.connection.send_event("title", words=self.title)
        texts = live_texts(self.main_window)
        if texts != self.sent_texts:
            self.sent_texts = texts
            self.connection.send_event("texts", **texts)
        if changed:
            left, top, pixels = changed
            width, height = self.canvas.get_width_height(physical=True)
            self.page_ready, self.sent_ratio = False, self.canvas.device_pixel_ratio
            self.connection.send_event("frame", encode_png(pixels), left=left, top=top, width=width, height=height)

    def download(self, name, content):
        """Send a file to the reader's machine, in turn; return what to say."""
        if len(content) > MAX_DOWNLOAD_BYTES:
            return f"not saved: {name} is larger than {MAX_DOWNLOAD_BYTES // 2**20} MB"
        if self.pending_file:
            return "not saved: the file before is still to be sent; try again"
        self.pending_file = name, content
        return f"{name} goes to your browser's downloads"
