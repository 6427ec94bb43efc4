"""Values that follow from others: computed when they are asked for, and anew where what they follow from is another."""


def keyed(key):
    """Return a decorator that makes a method a property, whose value stays as long as ``key(self)`` is the same.

    The last value alone is kept. A key holds networks, which equal themselves alone, numbers and dicts; no arrays.
    """
    def decorate(compute):
        name = f"_{compute.__name__}_kept"

        def value(self):
            now, kept = key(self), self.__dict__.get(name)
            if kept is None or kept[0] != now:
                kept = self.__dict__[name] = now, compute(self)
            return kept[1]

        return property(value, doc=compute.__doc__)

    return decorate
