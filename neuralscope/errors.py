"""The one kind of error that a person caused and can mend."""


class InputError(ValueError):
    """Bad input. Its text is one line: what is wrong, where, and what to do about it.

    The programs print that line and exit with status 2; whatever else is raised is a bug and keeps its traceback.
    """
