"""docs/api.md is what the docstrings say; ``python -m tests.test_api_docs`` writes it anew."""

import functools
import inspect
import re
import types

import neuralscope
from tests.helpers.environment import PROJECT

PAGE = PROJECT / "docs" / "api.md"
MEMBERS = types.FunctionType, classmethod, property, functools.cached_property
HEAD = """# Every name

What `dir(neuralscope)` lists, and what each takes, in its docstring's words: written by python -m tests.test_api_docs.
[python.md](python.md) tells how they go together.
"""


def entry(name, value, level):
    """Return what a page says of a function, a class with its public methods, or a module."""
    lines = [f"{'#' * level} `{name}{signature(value)}`", "", described(value)]
    if inspect.isclass(value):
        for member, method in vars(value).items():
            documented = inspect.getdoc(method.__func__ if isinstance(method, classmethod) else method)
            if not member.startswith("_") and documented and isinstance(method, MEMBERS):
                shown = getattr(value, member) if callable(getattr(value, member)) else None
                lines += ["", f"**`{member}{signature(shown) if shown else ''}`** – {single_line(documented)}"]
    return "\n".join(lines) + "\n"


def signature(value):
    """Return how something is called, without the types, which the docstring tells in words; "" of a module."""
    if not callable(value):
        return ""
    made = inspect.signature(value)
    plain = [each.replace(annotation=each.empty) for each in made.parameters.values() if each.name != "self"]
    return re.sub(r"<function (\w+) at .*?>", r"\1", str(made.replace(
        parameters=plain, return_annotation=made.empty)))


def described(value):
    """Return a docstring as Markdown: its double marks of code are single ones."""
    return (inspect.getdoc(value) or "").replace("``", "`")


def single_line(text):
    """Return a docstring as one paragraph."""
    return " ".join(text.replace("``", "`").split())


def page():
    """Return the page's text."""
    entries = [entry(name, getattr(neuralscope, name), 2) for name in sorted(neuralscope.HOMES, key=str.lower)]
    return "\n".join([HEAD, *entries])


def test_the_page_is_what_the_docstrings_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.test_api_docs writes it anew"


def test_every_name_says_what_it_is():
    assert not [name for name in neuralscope.HOMES if not described(getattr(neuralscope, name))]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
