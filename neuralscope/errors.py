"""The one kind of error that a person caused and can mend, and text that stays in its line."""


import copyreg


class InputError(ValueError):
    """Bad input. Its text is one line, whatever was put into it: what is wrong, where, and what to do about it.

    The programs print that line and exit with status 2; whatever else is raised is a bug and keeps its traceback.
    """

    def __str__(self):
        """Return the line."""
        return printable(super().__str__())

    def __reduce__(self):
        """Let it cross to another process, whatever the constructor of its class takes."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)


def printable(text):
    """Return text, of whatever letters, that stays in its line and that any terminal shows as it is."""
    return text if text.isprintable() else "".join(
        letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
