"""The views, in the order of their names at the top: the table that makes the bar, the keys and the README."""

from neuralscope.visualizer.views.backward.view import BackwardView
from neuralscope.visualizer.views.checkup.view import CheckupView
from neuralscope.visualizer.views.draw.view import DrawView
from neuralscope.visualizer.views.explore.view import ExploreView
from neuralscope.visualizer.views.fine_tune.view import FineTuneView
from neuralscope.visualizer.views.how.view import HowView
from neuralscope.visualizer.views.mistakes.view import MistakesView
from neuralscope.visualizer.views.network3d.view import Network3DView
from neuralscope.visualizer.views.neuron.view import NeuronView
from neuralscope.visualizer.views.snapshots.film_view import FilmView
from neuralscope.visualizer.views.snapshots.view import SnapshotsView
from neuralscope.visualizer.views.train.view import TrainView
from neuralscope.visualizer.views.why.view import WhyView

VIEWS = (
    ExploreView,
    WhyView,
    NeuronView,
    MistakesView,
    DrawView,
    TrainView,
    SnapshotsView,
    BackwardView,
    FineTuneView,
    HowView,
    Network3DView,
    CheckupView,
)
NAMED_VIEWS = (*VIEWS, FilmView)  # what --view may name
# the others go through the snapshots
FILMED_VIEWS = tuple(view for view in NAMED_VIEWS if view not in (TrainView, FineTuneView, CheckupView))
