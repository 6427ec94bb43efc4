"""The window: keys, mouse and size go in, one view at a time is shown."""

from neuralscope.visualizer.app.background_work import Chores
from neuralscope.visualizer.app.commands import Commands
from neuralscope.visualizer.app.training_sync import Pulse
from neuralscope.visualizer.drawing.surface import Painter
from neuralscope.visualizer.input.keys import canonical, check_shadows, find, in_force, window_table
from neuralscope.visualizer.input.mouse import Mouse
from neuralscope.visualizer.input.prompts import Message, Question
from neuralscope.visualizer.live.launcher import last_words
from neuralscope.visualizer.widgets.footer import Footer
from neuralscope.visualizer.widgets.readout import Readout
from neuralscope.visualizer.widgets.tab_bar import ViewBar


class Scope:
    """NeuralScope on a Matplotlib ``figure``, which may stand in any canvas or in none.

    ``views`` are the view classes, the first is opened, or the one whose letter is ``view``. ``quit`` is called when
    the person asks to leave, ``full_screen`` when they ask for that, ``set_title(words)`` whenever the window's title
    changes. Someone has to keep the Scope: canvases hold their handlers weakly.
    """

    def __init__(self, session, figure, theme, views, view=None, quit=None, full_screen=None, set_title=None):
        """Build the window and open a view."""
        self.session, self.figure = session, figure
        self.views = {view.key: view for view in views}
        self._set_title = set_title
        self.painter, self.chores, self.pulse = Painter(figure, theme), Chores(session, self.refresh), Pulse(self)
        bindings = window_table(views)
        for one in views:
            check_shadows(one.bindings, bindings)
        self.commands = Commands(self, bindings, quit, full_screen)
        self.readout, self.footer = Readout(self.painter), Footer(self.painter)
        self.bar = ViewBar(self.painter, {one.title: bindings.find(one.key) for one in views})
        self.view = self.overlay = self.entry = self.message = self._said = None
        self.mouse = Mouse(self)
        self._keys_last = False  # the keyboard's cursor counts, not the mouse
        self.trail = []  # letters of the views that Esc leads back to
        self._connect()
        self._open_view(view or views[0].key)

    def _connect(self):
        handlers = {"key_press_event": self._on_key, "resize_event": self._on_resize, "draw_event": self._on_draw,
                    **self.mouse.handlers}
        self._connected = [self.figure.canvas.mpl_connect(name, handler) for name, handler in handlers.items()]

    def close(self):
        """End a training, disconnect from the canvas, take everything off the figure; return last words, or ""."""
        self.pulse.stop()
        self.chores.stop()
        words = last_words(self.session), self.view.close()
        for connection in self._connected:
            self.figure.canvas.mpl_disconnect(connection)
        for part in (self.overlay, self.readout, self.footer, self.bar):
            if part:
                part.close()
        return "; ".join(filter(None, words))

    @property
    def headline(self):
        """The headline of the view."""
        return self.view.headline

    # What the person does

    def layers(self):
        """Return what has keys in force, topmost first: each has ``bindings`` and the methods that these name."""
        every = self.entry, self.overlay, self.view.cursor, self.view, self.commands
        return [layer for layer in every if layer]

    def tables(self):
        """Return the key tables in force, topmost first."""
        return [layer.bindings for layer in self.layers()]

    def _on_key(self, event):
        key = canonical(event.key)
        binding = find(self.tables(), key)
        if binding:
            self._keys_last = True
            self.perform(binding, key)

    def click(self, x, y):
        """Do what a click at a point stands for: a word is a key, anything else is chosen."""
        if self.entry and self.entry.ends_by_click and not self.footer.action_at(x, y):
            self.entry.go()
            self._follow(None)
        parts = [self.overlay or self.view, self.footer, self.bar]
        binding = next(filter(None, (part.action_at(x, y) for part in parts)), None)
        if binding:
            if not any(one.action == binding.action for one in in_force(self.tables())):
                return
            if binding.takes_key and len(binding.keys) > 1:
                self.message = f"press one of {binding.label}: {binding.help}"
                self.refresh()
            else:
                self.perform(binding, binding.keys[0])
        elif not self.overlay and (not self.entry or self.session.awaits_versus):
            found = self.view.find(x, y)
            if found and (not self.entry or found[0].chooses_class):
                self.message = None
                self._follow(found[0].choose(self.session, *found[1]))

    def perform(self, binding, key):
        """Do what a binding says, and show what has become of it."""
        self.message = None
        self.mouse.let_go()
        owner = next(layer for layer in self.layers() if hasattr(layer, binding.action)
                     and any(one.action == binding.action for one in layer.bindings))
        if binding.action != "close_topmost":
            self.close_overlay()
        action = getattr(owner, binding.action)
        self._follow(action(key) if binding.takes_key else action())

    def _follow(self, result):
        """Go where an action leads: a message, a question, the letter of a view, a panel for the cursor; then show it.
        """
        if self.entry and self.entry.finished:
            self.message, self.entry = self.entry.last_words or None, None
        if isinstance(result, Message):
            self.message = result
        elif isinstance(result, Question):
            self.entry = result
        elif isinstance(result, str):
            self.open_view(result)
        elif result:
            self.view.put_cursor(result)
        elif self.view.leads_to():
            self.open_view(self.view.leads_to())
        self.refresh()

    def point_at_things(self):
        """Say what the mouse points at now, if that is something else than before."""
        self._keys_last = self._keys_last and not self.mouse.point
        if self.message and self._pointed_at():
            self.message = None
        if self._what_to_say() != self._said:
            self._say()
            self.painter.redraw()

    def _on_resize(self, event):
        self.place()

    # What takes a while: it must hold neither the first frame up nor an event

    def _on_draw(self, event):
        self.pulse.drawn()
        if not self.view.shows_training:
            self.chores.start(self.figure.canvas)

    def work_through(self):
        """Find out at once all that is found out between events."""
        self.chores.work_through()
        self.refresh()

    # What is shown

    def open_view(self, key):
        """Open the view of a letter; Esc leads back."""
        if key != self.view.key:
            self.trail.append(self.view.key)
            self._open_view(key)

    def open_previous_view(self):
        """Go back to the view before, if there is one."""
        if self.trail:
            self._open_view(self.trail.pop())

    def _open_view(self, key):
        self.message = (self.view.leave() if self.view else None) or self.message
        missing = ["full_screen"] * (not self.commands.can_fill) + [
            "previous_layer", "next_layer"] * (self.session.layers < 2)
        self.commands.bindings = window_table(self.views.values(), leave_out=missing)
        self.view = self.views[key](self.painter, self.session)
        self.view.tell = self.tell
        self.bar.present = self.view.title
        self.place()

    def reopen(self):
        """Make the view anew: the network is of another shape."""
        self.close_overlay()
        self._open_view(self.view.key)

    def close_overlay(self):
        """Close the list of keys, if it is open."""
        if self.overlay:
            self.overlay.close()
            self.overlay = None

    def place(self):
        """Lay everything out for the window's size."""
        for part in (self.readout, self.footer, self.bar, self.view, self.overlay):
            if part:
                part.place()
        self.headline.begin_after(self.bar.end)
        self.refresh()

    def refresh(self):
        """Show what has become of the session, in one frame."""
        self.view.update()
        self.footer.show(self.tables(), self.session, self.view.loaded())
        self._say()
        if self._set_title:
            words = "all keys" if self.overlay else self.headline.title
            self._set_title(f"NeuralScope: {words}")
        self.painter.redraw()
        self.pulse.keep_up()

    def tell(self, words=None):
        """Show what has become of the session between two events; ``words``: say them in the readout's line."""
        self.message = words or self.message
        self.refresh()

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
        cursor = self.view.cursor.account() if self.view.cursor else None
        if cursor and self._keys_last:
            return cursor
        return self._pointed_at() or cursor or self.view.at_rest() or ((), None)

    def _pointed_at(self):
        """Return what the view has to say of the point under the mouse, or None."""
        return self.view.describe(*self.mouse.point) if self.mouse.point and not self.overlay else None
