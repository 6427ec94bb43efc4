"""The files that pages load, and that a notebook's widget is made of."""

import importlib.resources
from functools import cache


@cache
def read_static(name, package=__package__):
    """Return the text of a file of ours, in the folder ``static`` of a package."""
    return importlib.resources.files(package).joinpath("static").joinpath(name).read_text("utf-8")
