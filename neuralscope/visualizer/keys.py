"""The key tables, and what is made of them: dispatch, the ``?`` overlay, the footer, the README; no Matplotlib."""

from dataclasses import dataclass, replace

SHOWN = {"enter": "Enter", " ": "Space", "left": "\N{LEFTWARDS ARROW}", "right": "\N{RIGHTWARDS ARROW}",
         "up": "\N{UPWARDS ARROW}", "down": "\N{DOWNWARDS ARROW}", "backspace": "Backspace", "escape": "Esc",
         "delete": "Delete", "f11": "F11"}
SPELLINGS = {"return": "enter", "kp_enter": "enter", "space": " ", "esc": "escape", "shift+enter": "enter",
             "shift+ ": " ", "shift+backspace": "backspace", "shift+?": "?", "shift+/": "?"}
MAY_SHADOW = {"left", "right", "up", "down", "enter", " ", "backspace", "delete"}


@dataclass(frozen=True)
class Binding:
    """One row of a key table: the ``keys`` that call ``action`` (a method's name), and its ``help`` in a few words."""

    keys: tuple
    action: str
    help: str
    footer: str = ""  # the word in the footer; empty leaves the row out of it
    takes_key: bool = False  # the method is called with the key

    @property
    def label(self):
        """The keys as a person reads them, as ``Enter Space``."""
        return " ".join(SHOWN.get(key, key) for key in self.keys)


class KeyTable(tuple):
    """Bindings that hold together; a key that stands in it twice raises a ValueError that names both rows.

    A ``modal`` table lets no key through to the tables below it: while a number is typed, letters do nothing.
    """

    def __new__(cls, bindings, modal=False):
        """Check ``bindings`` and keep them in order."""
        table = super().__new__(cls, bindings)
        table.modal = modal
        seen = {}
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
    """Return the window's own table: WINDOW and a row for each of ``views``, which have a ``key`` and a ``title``.

    ``leave_out`` names the actions that are not to be had in this kind of window.
    """
    own = [binding for binding in WINDOW if binding.action not in leave_out]
    return KeyTable([*own, *(Binding((view.key,), "open_view", f"the {view.title} view", takes_key=True)
                                for view in views)])


def find(tables, key):
    """Return the binding of ``key`` in the topmost of ``tables`` that has it, or None."""
    for table in tables:
        binding = table.find(key)
        if binding or table.modal:
            return binding
    return None


def check_shadows(view, window):
    """Raise a ValueError where a view's table hides a window's key that is not an arrow, Enter, Space and the like."""
    for binding in view:
        for key in set(binding.keys) - MAY_SHADOW:
            hidden = window.find(key)
            if hidden:
                raise ValueError(f"key {key!r} stands for {binding.action!r} in a view and hides {hidden.action!r}")


def in_force(tables):
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


def canonical(key):
    """Bring a toolkit's spelling of a key to the tables' one; None (a key without a name) stays None."""
    if key is None or len(key) == 1:
        return key
    return SPELLINGS.get(key.lower(), key.lower())


def as_markdown(tables):
    """Return the README's table of the keys in ``tables``."""
    rows = [f"| {' '.join(f'`{SHOWN.get(key, key)}`' for key in binding.keys)} | {binding.help} |"
            for binding in in_force(tables)]
    return "\n".join(["| key | what it does |", "|---|---|", *rows]) + "\n"


WINDOW = KeyTable([
    Binding(("enter", " "), "next_digit", "next random digit", "next"),
    Binding(("right",), "forward", "forward again, then the next random digit"),
    Binding(("left", "backspace"), "back", "back through the digits seen", "back"),
    Binding(("g",), "ask_index", "go to a test digit by its number", "go to"),
    Binding(("f",), "next_misread", "next misread digit", "misread"),
    Binding(("s",), "save", "save this picture in the current folder", "save"),
    Binding(("f11",), "full_screen", "full screen and back"),
    Binding(("?",), "help", "all keys, and what is loaded", "keys"),
    Binding(("escape",), "close_topmost", "close what is open"),
    Binding(("q",), "quit", "quit", "quit"),
])
HELP = KeyTable([
    Binding(("escape", "?"), "close_topmost", "close this list", "close"),
])
ENTRY = KeyTable([
    Binding(tuple("0123456789"), "type_figure", "type a number", takes_key=True),
    Binding(("backspace",), "erase_figure", "erase the last figure"),
    Binding(("enter",), "go", "go there", "go"),
    Binding(("escape",), "close_topmost", "leave", "leave"),
], modal=True)
