"""What a window shows, in words for one who does not see it."""

from neuralscope.visualizer.drawing.text import joined_text


def live_texts(window):
    """Return what a `MainWindow` says now: the names "view", "headline", "readout" and "focus" with a text each.

    The readout is whole, whatever the line has room for; "focus", what the keyboard's cursor is on, is "" where the
    readout speaks of that already.
    """
    readout, cursor = window.readout_content[0], window.view.focus and window.view.focus.describe()
    focus = cursor[0] if cursor else ()
    return {
        "view": window.view.title,
        "headline": window.title_words,
        "readout": as_text(readout),
        "focus": "" if focus == readout else as_text(focus),
    }


def as_text(content):
    """Return the content of a readout, a sentence or runs, as text."""
    return content if isinstance(content, str) else joined_text(content)
