"""The views, in the order of their names at the top: the table that makes the bar, the keys and the README."""

from neuralscope.visualizer.views.backward import Backward
from neuralscope.visualizer.views.draw import Draw
from neuralscope.visualizer.views.explore import Explore
from neuralscope.visualizer.views.how import How
from neuralscope.visualizer.views.mistakes import Mistakes
from neuralscope.visualizer.views.network import InSpace
from neuralscope.visualizer.views.neuron import Neuron
from neuralscope.visualizer.views.past import Past
from neuralscope.visualizer.views.teach import Teach
from neuralscope.visualizer.views.train import Train
from neuralscope.visualizer.views.weights import Weights
from neuralscope.visualizer.views.why import Why

VIEWS = (Explore, Why, Neuron, Mistakes, Draw, Train, Past, Backward, Teach, How, InSpace)
NAMED = (*VIEWS, Weights)  # what --view may name
FILMED = tuple(view for view in NAMED if view not in (Train, Teach))  # the others go through the snapshots
