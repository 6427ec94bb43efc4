"""What a window or a figure begins with: Sessions on an opened network, and themes and views by their names."""

import functools
from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np

from neuralscope.api.foreign import UNSAVED
from neuralscope.data_loader import Dataset
from neuralscope.datasets.split import check_seed
from neuralscope.errors import InputError
from neuralscope.formatting import counted
from neuralscope.network.storage import SavedNetwork


def session_factory(saved: SavedNetwork, data: Dataset, digit: int | None = None,
                    seed: int | None = None) -> Callable[[], Any]:
    """Return a function that begins a Session, all of which share what is found out; raises InputError."""
    from neuralscope.visualizer.arguments import find_snapshots
    from neuralscope.visualizer.session.analysis_cache import AnalysisCache
    from neuralscope.visualizer.session.session import Session

    count = len(data.test)
    if digit is not None and not (isinstance(digit, Integral) and 0 <= digit < count):
        raise InputError(f"digit is {digit!r}, and there are {counted(count, 'row')}",
                         f"choose one from 0 to {count - 1}")
    if seed is not None:
        check_seed(seed)
    analysis = AnalysisCache(saved.network, data.test)
    look_for_snapshots = functools.cache(functools.partial(find_snapshots, saved) if saved.path != UNSAVED else no_file)

    def new_session() -> Any:
        session = Session(saved, data, np.random.default_rng(seed), digit, analysis)
        session.snapshot_choice.look_for_snapshots = look_for_snapshots
        return session

    return new_session


def no_file() -> tuple[None, InputError]:
    """Return that a network which is in no file has no snapshots, as `find_snapshots` does."""
    from neuralscope.runs.snapshots import SNAPSHOTS_HINT

    return None, InputError("a network that is in no file has no snapshots", SNAPSHOTS_HINT)


def theme_of(name: str) -> Any:
    """Return the Theme of this name; raises InputError."""
    from neuralscope.visualizer.drawing.theme import THEMES

    return named(THEMES, name, "theme")


def view_of(name: str) -> Any:
    """Return the view, a class, of this name, as the window has them at the top; raises InputError."""
    from neuralscope.visualizer.views import VIEWS

    return named({view.title: view for view in VIEWS}, name, "view")


def named(table: dict[str, Any], name: str, noun: str) -> Any:
    """Return what a table has under a name; raises InputError."""
    if not isinstance(name, str) or name not in table:
        raise InputError(f"there is no {noun} {name!r}", f"choose one of {', '.join(table)}")
    return table[name]
