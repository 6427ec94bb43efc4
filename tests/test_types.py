"""Public functions name their types, so that an editor and mypy can help whoever uses them; mypy itself runs in .ci."""

import ast

from tests.test_imports import MODULES, PROJECT, package
from tests.test_short_repr import TYPED


def public_functions(tree, prefix=""):
    """Yield (qualified name, node) of all functions of a module or class but those that begin with one underscore."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from public_functions(node, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and (not node.name.startswith("_") or node.name.startswith("__")):
            yield prefix + node.name, node


def untyped(node):
    """Return what of a function has no type: its result, or the names of parameters."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    found = [each.arg for each in every if each and not each.annotation and each.arg not in ("self", "cls")]
    return found + (["return"] if node.returns is None else [])


def test_public_functions_name_their_types():
    found = {f"{module}.{function}": missing for module, path in MODULES.items() if package(module) in TYPED
             for function, node in public_functions(ast.parse(path.read_text(encoding="utf-8")))
             if (missing := untyped(node))}
    assert not found


def test_the_package_says_that_it_has_types():
    assert (PROJECT / "neuralscope" / "py.typed").exists()
