"""The window: keys, mouse and size go in, one view at a time is shown."""

from neuralscope.visualizer.app.background_work import BackgroundWork
from neuralscope.visualizer.app.commands import Commands
from neuralscope.visualizer.app.training_sync import TrainingSync
from neuralscope.visualizer.drawing.surface import Surface
from neuralscope.visualizer.input.keys import active_bindings, canonical_key, check_shadows, find_binding, window_table
from neuralscope.visualizer.input.mouse import Mouse
from neuralscope.visualizer.input.results import Ask, Focus, OpenView, Say
from neuralscope.visualizer.live.launcher import shutdown_message
from neuralscope.visualizer.live.setup import TrainingSetup
from neuralscope.visualizer.widgets.footer import Footer
from neuralscope.visualizer.widgets.readout import Readout
from neuralscope.visualizer.widgets.tab_bar import TabBar


class MainWindow:
    """NeuralScope on a Matplotlib ``figure``, which may stand in any canvas or in none.

    ``views`` are the view classes, the first is opened, or the one whose letter is ``view``. ``quit`` is called when
    the person asks to leave, ``full_screen`` when they ask for that, ``set_title(words)`` whenever the window's title
    changes. Someone has to keep the MainWindow: canvases hold their handlers weakly.
    """

    def __init__(self, session, figure, theme, views, view=None, quit=None, full_screen=None, set_title=None):
        """Build the window and open a view."""
        self.session, self.figure = session, figure
        session.training_setup = session.training_setup or TrainingSetup()
        if session.no_drawing_text:
            session.training_setup.leave_out_warps()
        self.views = {view.key: view for view in views}
        self._set_title = set_title
        self.surface = Surface(figure, theme)
        self.background_work, self.training_sync = BackgroundWork(session, self.refresh), TrainingSync(self)
        bindings = window_table(views)
        for view_class in views:
            check_shadows(view_class.bindings, bindings)
        self.commands = Commands(self, bindings, quit, full_screen)
        self.readout, self.footer = Readout(self.surface), Footer(self.surface)
        self.tab_bar = TabBar(self.surface, [(view_class, bindings.find(view_class.key)) for view_class in views])
        self.view = self.overlay = self.prompt = self.message = self.readout_content = None
        self.mouse = Mouse(self)
        self._keyboard_last = False  # the keyboard's cursor counts, not the mouse
        self.view_history = []  # letters of the views that Esc leads back to
        self._connect()
        self._open_view(view or views[0].key)

    def _connect(self):
        handlers = {"key_press_event": self._on_key, "resize_event": self._on_resize, "draw_event": self._on_draw,
                    **self.mouse.handlers}
        self._connected = [self.figure.canvas.mpl_connect(name, handler) for name, handler in handlers.items()]

    def close(self):
        """End a training, disconnect from the canvas, take everything off the figure; return last words, or ""."""
        self.training_sync.stop()
        self.background_work.stop()
        left = self.view.close()
        words = shutdown_message(self.session), left and left.text
        for connection in self._connected:
            self.figure.canvas.mpl_disconnect(connection)
        for part in (self.overlay, self.readout, self.footer, self.tab_bar):
            if part:
                part.close()
        return "; ".join(filter(None, words))

    @property
    def headline(self):
        """The headline of the view."""
        return self.view.headline

    @property
    def title_words(self):
        """What the window is about now, as its title says."""
        return "all keys" if self.overlay else self.headline.title

    # What the person does

    def layers(self):
        """Return what has keys in force, topmost first: each has ``bindings`` and the methods that these name."""
        every = self.prompt, self.overlay, self.view.focus, self.view, self.commands
        return [layer for layer in every if layer]

    def tables(self):
        """Return the key tables in force, topmost first."""
        return [layer.bindings for layer in self.layers()]

    def _on_key(self, event):
        key = canonical_key(event.key)
        binding = find_binding(self.tables(), key)
        if binding:
            self._keyboard_last = True
            self.perform(binding, key)

    def click(self, x, y):
        """Do what a click at a point stands for: a word is a key, anything else is chosen."""
        if self.prompt and self.prompt.submits_on_click and not self.footer.binding_at(x, y):
            self.message = None
            self.apply(self.prompt.go())
        parts = [self.overlay or self.view, self.footer, self.tab_bar]
        binding = next(filter(None, (part.binding_at(x, y) for part in parts)), None)
        if binding:
            if not any(bound.action == binding.action for bound in active_bindings(self.tables())):
                return
            if binding.takes_key and len(binding.keys) > 1:
                self.apply(Say(f"press one of {binding.label}: {binding.help}"))
            else:
                self.perform(binding, binding.keys[0])
        elif not self.overlay and (not self.prompt or self.session.selection.awaits_contrast_class):
            found = self.view.panel_at(x, y)
            if found and (not self.prompt or found[0].selects_class):
                self.message = None
                self.apply(found[0].choose(self.session, *found[1]))

    def perform(self, binding, key):
        """Do what a binding says, and show what has become of it."""
        self.message = None
        self.mouse.end_drag()
        owner = next(layer for layer in self.layers() if hasattr(layer, binding.action)
                     and any(bound.action == binding.action for bound in layer.bindings))
        if binding.action != "close_topmost":
            self.close_overlay()
        action = getattr(owner, binding.action)
        with self.session.arithmetic():
            result = action(key) if binding.takes_key else action()
        self.apply(result)

    def apply(self, result):
        """Do what the ``result`` of an action says, one of `input.results` or None; then show what has become of all.
        """
        if self.prompt and self.prompt.finished:
            self.prompt = None
        match result or self.view.view_to_open():
            case Say(text):
                self.say(text)
            case Ask(prompt):
                self.prompt = prompt
            case OpenView(key):
                self.open_view(key)
            case Focus(panel):
                self.view.set_focus(panel)
            case None:
                pass
            case _:
                raise TypeError(f"an action returned {result!r}, which is none of the four results")
        self.refresh()

    def say(self, text):
        """Say a sentence in the readout's line, until the next thing is done."""
        self.message = text

    def update_pointed(self):
        """Say what the mouse points at now, if that is something else than before."""
        self._keyboard_last = self._keyboard_last and not self.mouse.point
        with self.session.arithmetic():
            if self.message and self._describe_pointed():
                self.message = None
            if self._describe_readout() != self.readout_content:
                self._update_readout()
                self.surface.redraw()

    def _on_resize(self, event):
        self.place()

    # What takes a while: it must hold neither the first frame up nor an event

    def _on_draw(self, event):
        self.training_sync.on_drawn()
        if not self.view.shows_training:
            self.background_work.start(self.figure.canvas, self.view.background_work)

    def run_to_end(self):
        """Find out at once all that is found out between events."""
        for work in dict.fromkeys((self.session.analysis, self.view.background_work)):
            self.background_work.run_to_end(work)
        self.refresh()

    # What is shown

    def open_view(self, key):
        """Open the view of a letter; Esc leads back."""
        if key != self.view.key:
            self.view_history.append(self.view.key)
            self._open_view(key)

    def open_previous_view(self):
        """Go back to the view before, if there is one."""
        if self.view_history:
            self._open_view(self.view_history.pop())

    def _open_view(self, key):
        left = self.view.leave() if self.view else None
        if left:
            self.say(left.text)
        missing = ["full_screen"] * (not self.commands.can_full_screen) + [
            "previous_layer", "next_layer"] * (self.session.layers < 2)
        self.commands.bindings = window_table(self.views.values(), leave_out=missing)
        self.view = self.views[key](self.surface, self.session)
        self.view.apply, self.view.keys_by_title = self.apply, {view.title: key for key, view in self.views.items()}
        self.tab_bar.present = self.view.title
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
        for part in (self.readout, self.footer, self.tab_bar, self.view, self.overlay):
            if part:
                part.place()
        self.headline.leave_room_until(self.tab_bar.end)
        self.refresh()

    def refresh(self):
        """Show what has become of the session, in one frame."""
        with self.session.arithmetic():
            self.view.update()
            self.footer.show(self.tables(), self.session, self.view.footer_wordings())
            self._update_readout()
        if self._set_title:
            self._set_title(f"NeuralScope: {self.title_words}")
        self.surface.redraw()
        self.training_sync.start_if_needed()

    def _update_readout(self):
        self.readout_content = self._describe_readout()
        self.readout.show(*self.readout_content)

    def _describe_readout(self):
        """Return what the readout says, a sentence or runs, and what the ring is around."""
        if self.prompt:
            return self.prompt.text, None
        if self.message is not None:
            return self.message, None
        cursor = self.view.focus.describe() if self.view.focus else None
        if cursor and self._keyboard_last:
            return cursor
        return self._describe_pointed() or cursor or self.view.default_description() or ((), None)

    def _describe_pointed(self):
        """Return what the view has to say of the point under the mouse, or None."""
        return self.view.describe_at(*self.mouse.point) if self.mouse.point and not self.overlay else None
