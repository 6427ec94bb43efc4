"""The key tables, and what is made of them: dispatch, the ``?`` overlay, the footer, the README; no Matplotlib."""

from dataclasses import dataclass, replace

KEY_LABELS = {"enter": "Enter", " ": "Space", "left": "\N{LEFTWARDS ARROW}", "right": "\N{RIGHTWARDS ARROW}",
              "up": "\N{UPWARDS ARROW}", "down": "\N{DOWNWARDS ARROW}", "backspace": "Backspace", "escape": "Esc",
              "delete": "Delete", "home": "Home", "end": "End", "f11": "F11", "tab": "Tab", "shift+tab": "Shift+Tab",
              "pageup": "PageUp", "pagedown": "PageDown"}
KEY_SPELLINGS = {"return": "enter", "kp_enter": "enter", "space": " ", "esc": "escape", "shift+enter": "enter",
                 "shift+ ": " ", "shift+backspace": "backspace", "shift+?": "?", "shift+/": "?", "shift+x": "X",
                 "shift+iso_left_tab": "shift+tab", "iso_left_tab": "shift+tab", "shift+backtab": "shift+tab",
                 "backtab": "shift+tab", "page_up": "pageup", "page_down": "pagedown"}
FIGURE_KEYS = tuple("0123456789")
ARROW_KEYS = ("left", "right", "up", "down")
SHADOWABLE_KEYS = {"left", "right", "up", "down", "enter", " ", "backspace", "delete"}


@dataclass(frozen=True)
class Binding:
    """One row of a key table: the ``keys`` that call ``action`` (a method's name), and its ``help`` in a few words."""

    keys: tuple
    action: str
    help: str
    footer: str = ""  # the word in the footer; empty leaves the row out of it
    takes_key: bool = False  # the method is called with the key

    @property
    def names(self):
        """The keys as they are printed on a keyboard; the ten figures are one, ``0–9``."""
        if self.keys == FIGURE_KEYS:
            return ("0–9",)
        return tuple(KEY_LABELS.get(key, key) for key in self.keys)

    @property
    def label(self):
        """The keys as a person reads them, as ``Enter Space``."""
        return " ".join(self.names)


class KeyTable(tuple):
    """Bindings that hold together; a key that stands in it twice raises a ValueError that names both rows.

    A ``modal`` table lets no key through to the tables below it: while a number is typed, letters do nothing.
    """

    modal: bool

    def __new__(cls, bindings, modal=False):
        """Check ``bindings`` and keep them in order."""
        table, seen = super().__new__(cls, bindings), {}
        table.modal = modal
        for binding in table:
            for key in binding.keys:
                if key in seen:
                    raise ValueError(f"key {key!r} stands for {seen[key].action!r} and for {binding.action!r}")
                seen[key] = binding
        return table

    def find(self, key):
        """Return the binding of ``key``, or None."""
        return next((binding for binding in self if key in binding.keys), None)


def window_table(views, leave_out=()):
    """Return the window's own table: WINDOW_KEYS and a row for each of ``views``, which have a ``key`` and a ``title``.

    ``leave_out`` names the actions that are not to be had in this kind of window.
    """
    own = [binding for binding in WINDOW_KEYS if binding.action not in leave_out]
    return KeyTable([*own, *(Binding((view.key,), "open_view", f"view: {view.title}", takes_key=True)
                             for view in views)])


def find_binding(tables, key):
    """Return the binding of ``key`` in the topmost of ``tables`` that has it, or None."""
    for table in tables:
        binding = table.find(key)
        if binding or table.modal:
            return binding
    return None


def check_shadows(view, window):
    """Raise a ValueError where a view's table hides a window's key that is not an arrow, Enter, Space and the like."""
    for binding in view:
        for key in set(binding.keys) - SHADOWABLE_KEYS:
            hidden = window.find(key)
            if hidden:
                raise ValueError(f"key {key!r} stands for {binding.action!r} in a view and hides {hidden.action!r}")


def active_bindings(tables):
    """Return the bindings that a person can reach, topmost table first, each with the keys no table above has taken."""
    taken, result = set(), []
    for table in tables:
        for binding in table:
            keys = tuple(key for key in binding.keys if key not in taken)
            if keys:
                result.append(replace(binding, keys=keys))
        if table.modal:
            break
        taken.update(key for binding in table for key in binding.keys)
    return result


def canonical_key(key):
    """Bring a toolkit's spelling of a key to the tables' one; None (a key without a name) stays None."""
    if key is None or len(key) == 1:
        return key
    return KEY_SPELLINGS.get(key.lower(), key.lower())


def as_markdown(tables):
    """Return the README's table of the keys in ``tables``."""
    rows = [f"| {' '.join(f'`{name}`' for name in binding.names)} | {binding.help} |"
            for binding in active_bindings(tables)]
    return "\n".join(["| key | what it does |", "|---|---|", *rows]) + "\n"


WINDOW_KEYS = KeyTable([
    Binding(("enter", " "), "next_digit", "next random digit", "next"),
    Binding(("right",), "forward", "forward again, then the next random digit"),
    Binding(("left", "backspace"), "back", "back through the digits seen", "back"),
    Binding(FIGURE_KEYS, "select_class", "the class asked about", "class", takes_key=True),
    Binding(("v",), "ask_contrast_class", "versus: then 0–9, the class to compare with", "versus"),
    Binding(("tab",), "next_panel", "the cursor goes to the next picture", "cursor"),
    Binding(("shift+tab",), "previous_panel", "the cursor goes to the picture before"),
    Binding(("g",), "ask_number", "go to a test digit (in the neuron view: a neuron)", "go to"),
    Binding(("f",), "next_misclassified", "next misread digit", "misread"),
    Binding(("[", "pageup"), "previous_layer", "the hidden layer before", "layer before"),
    Binding(("]", "pagedown"), "next_layer", "the next hidden layer", "next layer"),
    Binding(("x",), "toggle_ablation", "silence the chosen neuron, or wake it"),
    Binding(("X",), "restore_all", "wake all silenced neurons"),
    Binding(("a",), "toggle_arrangement", "arrange the neurons by kind, or by number"),
    Binding(("c",), "toggle_scale_hold", "hold the colour scales, or let them go"),
    Binding(("s",), "save", "save this picture as a file", "save"),
    Binding(("f11",), "full_screen", "full screen and back"),
    Binding(("?",), "help", "all keys, and what is loaded", "keys"),
    Binding(("escape",), "close_topmost", "close what is open, or back a view"),
    Binding(("q",), "quit", "quit", "quit"),
])
HELP_KEYS = KeyTable([
    Binding(("escape", "?"), "close_topmost", "close this list", "close"),
])
FOCUS_KEYS = KeyTable([
    Binding(ARROW_KEYS, "move_focus", "move the cursor", "move", takes_key=True),
    Binding(("enter",), "choose", "choose what the cursor is on; again: open it", "choose"),
])
NUMBER_KEYS = KeyTable([
    Binding(FIGURE_KEYS, "type_digit", "type a number", takes_key=True),
    Binding(("backspace",), "erase_digit", "erase the last figure"),
    Binding(("enter",), "go", "go there", "go"),
    Binding(("escape",), "close_topmost", "leave", "leave"),
], modal=True)
VALUE_KEYS = KeyTable([
    Binding((*FIGURE_KEYS, *".-+e ,nola"), "type_character", "type a number, several, none or all", takes_key=True),
    Binding(("backspace",), "erase_character", "erase the last letter"),
    Binding(("enter",), "go", "take it", "take it"),
    Binding(("escape",), "close_topmost", "leave", "leave"),
], modal=True)
PREDICTED_CLASS_KEYS = KeyTable([
    Binding(FIGURE_KEYS, "compare", "read as this class", "read as this class", takes_key=True),
    Binding(("escape", "v"), "close_topmost", "leave", "leave"),
], modal=True)
CONTRAST_CLASS_KEYS = KeyTable([
    Binding(FIGURE_KEYS, "compare", "compare with this class", "with this class", takes_key=True),
    Binding(("v",), "compare_with_none", "compare with no class: the score alone", "with none"),
    Binding(("enter",), "compare_with_strongest", "compare with the strongest other class", "with the strongest other"),
    Binding(("escape",), "close_topmost", "leave", "leave"),
], modal=True)
LABEL_KEYS = KeyTable([
    Binding(FIGURE_KEYS, "keep", "keep it as this digit", "keep it as this", takes_key=True),
    Binding(("enter",), "keep_as_predicted", "keep it as what is read", "as what is read"),
    Binding(("escape",), "close_topmost", "leave", "leave"),
], modal=True)
