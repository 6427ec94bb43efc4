"""The one kind of error that a person caused and can mend, and text that stays in its line."""

import copy
import copyreg

JOINT = "; "  # between what is said in parts


class InputError(ValueError):
    """Bad input: its ``problem``, which is what is wrong and where, and its ``remedy``, what to do about it, or "".

    ``option_remedy``: another remedy, or the only one, and ``option_hint``: where to learn more; both name options of
    the command line, which a window has not. ``joint``: what stands between the problem and the remedies;
    ``outcome``: what became of the work, or "". The programs print it all as one line and exit with status 2; whatever
    else is raised is a bug and keeps its traceback.
    """

    def __init__(self, problem, remedy="", option_remedy="", option_hint="", *, joint=JOINT):
        """Remember them, in letters that stay in their line."""
        super().__init__(problem, remedy, option_remedy, option_hint)
        self.joint, self.outcome = joint, ""
        self.problem, self.remedy = printable(problem), printable(remedy)
        self.option_remedy, self.option_hint = printable(option_remedy), printable(option_hint)

    def __str__(self):
        """Return the line."""
        hint = f" ({self.option_hint})" if self.option_hint else ""
        remedies = ", or ".join(filter(None, (self.remedy, self.option_remedy)))
        return sentence(sentence(self.problem + hint, remedies, joint=self.joint), self.outcome)

    def prefixed(self, prefix):
        """Return the same error with ``prefix``, where it is, before its problem."""
        error = copy.copy(self)
        error.problem = printable(prefix + self.problem)
        return error

    def followed_by(self, outcome):
        """Return the same error with what became of the work, as where it is kept, after all else."""
        error = copy.copy(self)
        error.outcome = printable(sentence(self.outcome, outcome))
        return error

    def __reduce__(self):
        """Let it cross to another process, whatever the constructor of its class takes."""
        return copyreg.__newobj__, (type(self), *self.args), vars(self)


def sentence(*parts, joint=JOINT):
    """Return in one line what is to be said in parts, as a problem and its remedy; a part may be ""."""
    return joint.join(filter(None, parts))


def printable(text):
    """Return text, of whatever letters, that stays in its line and that any terminal shows as it is."""
    return text if text.isprintable() else "".join(
        letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def print_line(text, file=None, *, flush=False):
    """Print text, which may name what others named, as one line to ``file`` (default: standard output)."""
    print(printable(text), file=file, flush=flush)
