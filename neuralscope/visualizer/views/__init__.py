"""The views, in the order of their names at the top: the table that makes the bar, the keys and the README."""

from neuralscope.visualizer.views.backward.view import Backward
from neuralscope.visualizer.views.draw.view import Draw
from neuralscope.visualizer.views.explore.view import Explore
from neuralscope.visualizer.views.fine_tune.view import Teach
from neuralscope.visualizer.views.how.view import How
from neuralscope.visualizer.views.mistakes.view import Mistakes
from neuralscope.visualizer.views.network3d.view import InSpace
from neuralscope.visualizer.views.neuron.view import Neuron
from neuralscope.visualizer.views.snapshots.film_view import Weights
from neuralscope.visualizer.views.snapshots.view import Past
from neuralscope.visualizer.views.train.view import Train
from neuralscope.visualizer.views.why.view import Why

VIEWS = (Explore, Why, Neuron, Mistakes, Draw, Train, Past, Backward, Teach, How, InSpace)
NAMED = (*VIEWS, Weights)  # what --view may name
FILMED = tuple(view for view in NAMED if view not in (Train, Teach))  # the others go through the snapshots
