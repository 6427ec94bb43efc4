"""What an action returns: one of four values, or None where all there is to show is what has become of the session.

`MainWindow.apply` is the one place that reads them. An action is a method that a key table names, `Panel.choose`, or
what a prompt does with its answer.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """Say a sentence in the readout's line, until the next thing is done."""

    text: str


@dataclass(frozen=True)
class Ask:
    """Ask ``prompt``, an `input.prompts.Prompt`, in the readout's line; its keys come before all others."""

    prompt: object


@dataclass(frozen=True)
class OpenView:
    """Open the view of a letter; Esc leads back."""

    key: str


@dataclass(frozen=True)
class Focus:
    """Take the keyboard's cursor to a panel of the view."""

    panel: object
