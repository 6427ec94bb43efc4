"""The window: keys, mouse and size go in, one view at a time is shown."""

from neuralscope.visualizer.entry import Entry
from neuralscope.visualizer.keys import canonical, check_shadows, find, in_force, window_table
from neuralscope.visualizer.painter import Painter
from neuralscope.visualizer.panels.footer import Footer
from neuralscope.visualizer.panels.headline import Headline
from neuralscope.visualizer.panels.help import Help
from neuralscope.visualizer.panels.readout import Readout
from neuralscope.visualizer.panels.viewbar import ViewBar
from neuralscope.visualizer.saving import save_beside
from neuralscope.visualizer.wording import thousands


class Scope:
    """NeuralScope on a Matplotlib ``figure``, which may stand in any canvas or in none.

    ``views`` are the view classes, the first is opened. ``quit`` is called when the person asks to leave,
    ``full_screen`` when they ask for that, ``set_title(words)`` whenever the window's title changes. Someone has to
    keep the Scope: canvases hold their handlers weakly.
    """

    def __init__(self, session, figure, theme, views, quit=None, full_screen=None, set_title=None):
        """Build the window and open the first view."""
        self.session, self.figure = session, figure
        self.views = {view.key: view for view in views}
        self._quit, self._full_screen, self._set_title = quit, full_screen, set_title
        self.painter = Painter(figure, theme)
        self.bindings = window_table(views, leave_out=() if full_screen else ("full_screen",))
        for view in views:
            check_shadows(view.bindings, self.bindings)
        self.headline, self.readout, self.footer = Headline(self.painter), Readout(self.painter), Footer(self.painter)
        self.bar = ViewBar(self.painter, {view.title: self.bindings.find(view.key) for view in views})
        self.view = self.overlay = self.entry = self.message = self.pointer = self._said = self._timer = None
        self._connect()
        self.open_view(views[0].key)

    def _connect(self):
        handlers = {"key_press_event": self._on_key, "button_press_event": self._on_click,
                    "motion_notify_event": self._on_motion, "figure_leave_event": self._on_leave,
                    "resize_event": self._on_resize, "draw_event": self._on_draw}
        self._connected = [self.figure.canvas.mpl_connect(name, handler) for name, handler in handlers.items()]

    def close(self):
        """Disconnect from the canvas and take everything off the figure."""
        if self._timer:
            self._timer.stop()
        for connection in self._connected:
            self.figure.canvas.mpl_disconnect(connection)
        for part in (self.view, self.overlay, self.headline, self.readout, self.footer, self.bar):
            if part:
                part.close()

    # What the person does

    def layers(self):
        """Return what has keys in force, topmost first: each has ``bindings`` and the methods that these name."""
        return [layer for layer in (self.entry, self.overlay, self.view, self) if layer]

    def tables(self):
        """Return the key tables in force, topmost first."""
        return [layer.bindings for layer in self.layers()]

    def _on_key(self, event):
        key = canonical(event.key)
        binding = find(self.tables(), key)
        if binding:
            self.perform(binding, key)

    def _on_click(self, event):
        if event.button != 1:
            return
        point = self.painter.to_units(event)
        parts = [self.overlay or self.view, self.footer, self.bar]
        binding = next(filter(None, (part.action_at(*point) for part in parts)), None)
        if binding and any(one.action == binding.action for one in in_force(self.tables())):
            self.perform(binding, binding.keys[0])

    def perform(self, binding, key):
        """Do what a binding says, and show what has become of it."""
        self.message = None
        owner = next(layer for layer in self.layers() if hasattr(layer, binding.action))
        if binding.action != "close_topmost":
            self._close_overlay()
        action = getattr(owner, binding.action)
        action(key) if binding.takes_key else action()
        self.refresh()

    def _on_motion(self, event):
        self.pointer = self.painter.to_units(event)
        if self.message and self._pointed_at():
            self.message = None
        if self._what_to_say() != self._said:
            self._say()
            self.painter.redraw()

    def _on_leave(self, event):
        self.pointer = None
        self._say()
        self.painter.redraw()

    def _on_resize(self, event):
        self.place()

    def _on_draw(self, event):
        """After the first frame, count how many digits are read right: it must not hold the window up."""
        if self._timer is None:
            self._timer = self.figure.canvas.new_timer(interval=1, callbacks=[(self._count, (), {})])
            self._timer.single_shot = True
            self._timer.start()

    def _count(self):
        if not self.session.evaluated:
            self.session.evaluation  # noqa: B018  counted by being asked for
            self.refresh()

    # What is shown

    def place(self):
        """Lay everything out for the window's size."""
        for part in (self.headline, self.readout, self.footer, self.bar, self.view, self.overlay):
            if part:
                part.place()
        self.refresh()

    def refresh(self):
        """Show what has become of the session, in one frame."""
        self.view.update()
        self.headline.update(self.session, self.session.trace)
        self.footer.show(self.tables(), self.session)
        self._say()
        if self._set_title:
            digit = f"{self.headline.which.text}, {self.headline.verdict.text}"
            self._set_title(f"NeuralScope: {'all keys' if self.overlay else digit}")
        self.painter.redraw()

    def _say(self):
        self._said = self._what_to_say()
        what, ring = self._said
        if isinstance(what, str):
            self.readout.tell(what)
        else:
            self.readout.say(what, ring)

    def _what_to_say(self):
        """Return what the readout says, runs or a sentence, and what the ring is around."""
        if self.entry:
            return self.entry.prompt, None
        if self.message is not None:
            return self.message, None
        return self._pointed_at() or self.view.at_rest() or ((), None)

    def _pointed_at(self):
        """Return what the view has to say of the point under the mouse, or None."""
        return self.view.describe(*self.pointer) if self.pointer and not self.overlay else None

    # The actions of the key tables

    def open_view(self, key):
        """Open the view of a letter."""
        if self.view:
            self.view.close()
        self.view = self.views[key](self.painter, self.session)
        self.bar.present = self.view.title
        self.place()

    def next_digit(self):
        """Show a random digit."""
        self.session.next_digit()

    def forward(self):
        """Go forward through the digits seen."""
        self.session.forward()

    def back(self):
        """Go back through the digits seen."""
        if not self.session.back():
            self.message = "this is the first digit of this session"

    def next_misread(self):
        """Go to the next digit that is read wrongly."""
        if not self.session.next_misread():
            self.message = f"all {thousands(len(self.session.digits))} test digits are read right"

    def ask_index(self):
        """Ask for the number of a digit."""
        self.entry = Entry(len(self.session.digits) - 1)

    def go(self):
        """Go to the digit whose number was typed."""
        entry, self.entry = self.entry, None
        self.message = entry.complaint or None
        if entry.typed and not entry.complaint:
            self.session.go_to(int(entry.typed))

    def help(self):
        """List all keys."""
        self.overlay = Help(self.painter, self.tables(), self.session)
        self.overlay.place()

    def close_topmost(self):
        """Close what is open: the entry, the list of keys, a message."""
        if self.entry:
            self.entry = None
        else:
            self._close_overlay()

    def _close_overlay(self):
        if self.overlay:
            self.overlay.close()
            self.overlay = None

    def save(self):
        """Save the picture in the current folder and say where."""
        self.message = save_beside(self.figure, f"neuralscope-{self.session.dataset.name}-{self.session.index}")

    def full_screen(self):
        """Fill the screen, or leave it."""
        self._full_screen()

    def quit(self):
        """Leave."""
        if self._quit:
            self._quit()
