"""Names of a package that load on first use, so that importing the package costs nothing."""

from importlib import import_module


def lazy_names(package, homes):
    """Return ``__getattr__`` and ``__dir__`` for ``package``; ``homes``: name -> the module in it that has the name.

    A module stands for itself under its own name.
    """
    def load(name):
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{homes[name]}")
        return module if homes[name] == name else getattr(module, name)

    return load, lambda: sorted(homes)
