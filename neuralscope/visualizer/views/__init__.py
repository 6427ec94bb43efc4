"""The views, in the order of their names at the top: the table that makes the bar, the keys and the README."""

from neuralscope.visualizer.views.draw import Draw
from neuralscope.visualizer.views.explore import Explore
from neuralscope.visualizer.views.how import How
from neuralscope.visualizer.views.mistakes import Mistakes
from neuralscope.visualizer.views.neuron import Neuron
from neuralscope.visualizer.views.why import Why

VIEWS = (Explore, Why, Neuron, Mistakes, Draw, How)
