"""What the keys of the window itself do, in every view."""

from neuralscope.formatting import thousands
from neuralscope.visualizer.app.export import save_beside
from neuralscope.visualizer.input.prompts import Entry
from neuralscope.visualizer.widgets.hidden_layers import neuron_name
from neuralscope.visualizer.widgets.key_help import Help


class Commands:
    """The actions of the window's key table, each a method; ``scope`` is the window."""

    def __init__(self, scope, bindings, quit=None, full_screen=None):
        """Stand for the ``bindings``; ``quit`` and ``full_screen`` are called where a person asks for that."""
        self.scope, self.bindings = scope, bindings
        self._quit, self._full_screen = quit, full_screen

    @property
    def can_fill(self):
        """Whether the window can fill the screen."""
        return self._full_screen is not None

    @property
    def session(self):
        """What the window is looking at."""
        return self.scope.session

    def open_view(self, key):
        """Open the view of a letter."""
        return key

    def next_digit(self):
        """Show a random digit."""
        self.session.next_digit()

    def forward(self):
        """Go forward through the digits seen."""
        self.session.forward()

    def back(self):
        """Go back through the digits seen."""
        if not self.session.back():
            self.scope.message = "this is the first digit of this session"

    def next_misread(self):
        """Go to the next digit that is read wrongly."""
        if not self.session.next_misread():
            self.scope.message = f"all {thousands(len(self.session.digits))} test digits are read right"

    def ask_number(self):
        """Ask for a number to go to: of a test digit, unless the view has others."""
        asked = self.scope.view.numbers()
        self.scope.entry = Entry(*(asked or ("test digit", len(self.session.digits) - 1, self.session.go_to)))

    def ask_class(self, key):
        """Ask about the class of a figure."""
        names = self.session.dataset.class_names
        if int(key) < len(names):
            self.session.ask(int(key))
            self.scope.view.class_asked()
        else:
            self.scope.message = f"there is no class {key}: they go from 0 to {len(names) - 1}"

    def ask_versus(self):
        """Ask for the class to compare with."""
        self.scope.entry = self.scope.view.versus()

    def next_panel(self):
        """Take the cursor to the next panel."""
        self.scope.view.take_cursor(1)

    def previous_panel(self):
        """Take the cursor to the panel before."""
        self.scope.view.take_cursor(-1)

    def previous_layer(self):
        """Choose the hidden layer before."""
        self._go_to_layer(self.session.layer - 1)

    def next_layer(self):
        """Choose the next hidden layer."""
        self._go_to_layer(self.session.layer + 1)

    def _go_to_layer(self, layer):
        count = self.session.layers
        if 0 <= layer < count:
            self.session.layer = layer
            self.scope.message = f"layer {layer + 1} of {count}: the neuron chosen is {self.session.neuron}"
        else:
            self.scope.message = f"hidden layers go from 1 to {count}"

    def silence(self):
        """Silence the chosen neuron, or wake it, and say what it does to the errors."""
        session = self.session
        if session.neuron is None:
            self.scope.message = "this network has no hidden neuron that could be silenced"
            return
        session.choose_neuron(session.layer, session.neuron)
        before = session.evaluation.errors
        session.toggle(session.layer, session.neuron)
        name = neuron_name(session, session.layer, session.neuron)
        what = "is silenced" if session.is_silenced(session.layer, session.neuron) else "is awake"
        self.scope.message = (f"{name} {what}: {thousands(before)} → {thousands(session.evaluation.errors)} errors "
                              f"of {thousands(len(session.digits))}")

    def wake_all(self):
        """Wake all silenced neurons."""
        if not self.session.silenced:
            self.scope.message = "no neuron is silenced"
        self.session.wake_all()

    def arrange(self):
        """Stand the neurons by what they push, or by number."""
        if not self.session.layers:
            self.scope.message = "this network has no hidden neurons to arrange"
            return
        self.session.arranged = not self.session.arranged
        self.scope.message = ("neurons of a kind stand together; their numbers stay the file's"
                              if self.session.arranged else "neurons stand in the order of their numbers")

    def hold(self):
        """Hold the colour scales, or let them go."""
        self.session.held = not self.session.held
        self.scope.message = ("colour scales are held: digits compare; c lets them go" if self.session.held
                              else "colour scales follow each digit")

    def help(self):
        """List all keys."""
        self.scope.overlay = Help(self.scope.painter, self.scope.tables(), self.session)
        self.scope.overlay.place()

    def close_topmost(self):
        """Close what is open: the question, the list of keys, the cursor; else return to the view before."""
        if self.scope.entry:
            self.scope.entry.leave()
        elif self.scope.overlay:
            self.scope.close_overlay()
        elif not self.scope.view.leave_cursor():
            self.scope.open_previous_view()

    def save(self):
        """Save the picture and say where."""
        self.scope.message = save_beside(self.scope.figure, self.session, self.scope.view.title)

    def full_screen(self):
        """Fill the screen, or leave it."""
        self._full_screen()

    def quit(self):
        """Leave."""
        if self._quit:
            self._quit()
