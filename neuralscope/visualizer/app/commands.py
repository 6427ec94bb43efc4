"""What the keys of the window itself do, in every view."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.app.export import save_file_in_current_folder, save_in_current_folder
from neuralscope.visualizer.input.prompts import NumberPrompt
from neuralscope.visualizer.input.results import Ask, OpenView, Say
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.key_help import KeyHelp
from neuralscope.visualizer.widgets.no_labels import NO_LABELS_TEXT, change_text


class Commands:
    """The actions of the window's key table, each a method; ``window`` is the window."""

    def __init__(self, window, bindings, quit=None, full_screen=None):
        """Stand for the ``bindings``; ``quit`` and ``full_screen`` are called where a person asks for that."""
        self.window, self.bindings = window, bindings
        self._quit, self._full_screen = quit, full_screen

    @property
    def can_full_screen(self):
        """Whether the window can fill the screen."""
        return self._full_screen is not None

    @property
    def session(self):
        """What the window is looking at."""
        return self.window.session

    def open_view(self, key):
        """Open the view of a letter."""
        return OpenView(key)

    def next_digit(self):
        """Show a random digit."""
        self.session.digit_history.next_digit()

    def forward(self):
        """Go forward through the digits seen."""
        self.session.digit_history.forward()

    def back(self):
        """Go back through the digits seen."""
        if self.session.digit_history.back():
            return None
        return Say(f"this is the first {self.session.inputs.sample} of this session")

    def next_misclassified(self):
        """Go to the next digit that is read wrongly."""
        if self.session.next_misclassified():
            return None
        count, sample = thousands(len(self.session.digits)), self.session.inputs.sample
        return Say(f"all {count} test {sample}s are read right" if self.session.has_labels else NO_LABELS_TEXT)

    def ask_number(self):
        """Ask for a number to go to: of a test digit, unless the view has others."""
        digits = f"test {self.session.inputs.sample}", len(self.session.digits) - 1, self.session.digit_history.go_to
        return Ask(NumberPrompt(*(self.window.view.number_target() or digits)))

    def select_class(self, key):
        """Ask about the class of a figure."""
        names = self.session.dataset.class_names
        if int(key) >= len(names):
            return Say(f"there is no class {key}: they go from 0 to {len(names) - 1}")
        self.session.selection.select_class(int(key))
        self.window.view.on_class_selected()
        return None

    def ask_contrast_class(self):
        """Ask for the class to compare with."""
        return Ask(self.window.view.contrast_prompt())

    def next_panel(self):
        """Take the cursor to the next panel."""
        return self.window.view.adjacent_focus(1)

    def previous_panel(self):
        """Take the cursor to the panel before."""
        return self.window.view.adjacent_focus(-1)

    def previous_layer(self):
        """Choose the hidden layer before."""
        return self._go_to_layer(self.session.layer - 1)

    def next_layer(self):
        """Choose the next hidden layer."""
        return self._go_to_layer(self.session.layer + 1)

    def _go_to_layer(self, layer):
        count = self.session.layers
        if not 0 <= layer < count:
            return Say(f"hidden layers go from 1 to {count}")
        self.session.selection.layer = layer
        return Say(f"layer {layer + 1} of {count}: the neuron chosen is {self.session.neuron}")

    def toggle_ablation(self):
        """Ablate the chosen neuron, or restore it, and say what that does to the errors, or to what is read."""
        session = self.session
        if session.neuron is None:
            return Say("this network has no hidden neuron that could be silenced")
        session.selection.select_neuron(session.layer, session.neuron)
        before = session.answers
        session.ablation.toggle(session.layer, session.neuron)
        name = neuron_name(session, session.layer, session.neuron)
        state = "is silenced" if session.is_ablated(session.layer, session.neuron) else "is awake"
        return Say(f"{name} {state}: {change_text(session, before, session.answers)}")

    def restore_all(self):
        """Restore all ablated neurons."""
        if not self.session.ablated:
            return Say("no neuron is silenced")
        self.session.ablation.restore_all()
        return None

    def toggle_arrangement(self):
        """Stand the neurons by what they push, or by number."""
        if not self.session.layers:
            return Say("this network has no hidden neurons to arrange")
        self.session.is_arranged = not self.session.is_arranged
        return Say("neurons of a kind stand together; their numbers stay the file's"
                   if self.session.is_arranged else "neurons stand in the order of their numbers")

    def toggle_scale_hold(self):
        """Hold the colour scales, or let them go."""
        self.session.holds_color_scales = not self.session.holds_color_scales
        sample = self.session.inputs.sample
        return Say(f"colour scales are held: {sample}s compare; c lets them go"
                   if self.session.holds_color_scales else f"colour scales follow each {sample}")

    def help(self):
        """List all keys."""
        self.window.overlay = KeyHelp(self.window.surface, self.window.tables(), self.session)
        self.window.overlay.place()

    def close_topmost(self):
        """Close what is open: the question, the list of keys, the cursor; else return to the view before."""
        if self.window.prompt:
            self.window.prompt.leave()
        elif self.window.overlay:
            self.window.close_overlay()
        elif not self.window.view.clear_focus():
            self.window.open_previous_view()

    def save(self):
        """Save the picture, or what the view has in place of it, and say where."""
        own = self.window.view.file_to_save()
        if own:
            return Say(save_file_in_current_folder(self.session, *own))
        return Say(save_in_current_folder(self.window.figure, self.session, self.window.view.title))

    def full_screen(self):
        """Fill the screen, or leave it."""
        self._full_screen()

    def quit(self):
        """Leave."""
        if self._quit:
            self._quit()
