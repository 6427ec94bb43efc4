"""The widget itself, for `anywidget`: its script, its style, its still, and which cell it belongs to."""

import base64

import anywidget
import traitlets  # which comes with anywidget

from neuralscope.visualizer.app.export import render_figure
from neuralscope.visualizer.notebook import cells
from neuralscope.visualizer.notebook.cell_window import CellWindow
from neuralscope.visualizer.server.static_files import read_static
from neuralscope.visualizer.server.theme_css import page_colors


class WindowWidget(anywidget.AnyWidget):
    """One window, as `make_widget` describes it, in all the views that show this widget: in one at a time."""

    # one module, for it is loaded from nowhere that has others
    _esm = read_static("canvas.js") + read_static("live.js") + read_static("widget.js", __package__)
    _css = read_static("widget.css", __package__)
    cell_window = None
    colors = traitlets.Dict().tag(sync=True)
    shape = traitlets.Dict().tag(sync=True)  # properties of CSS

    def __init__(self, new_session, theme, view, shape):
        """Begin the window, and tell the notebook of a widget."""
        self.cell_window = CellWindow(new_session, theme, view, self.send, self.close)
        self._still = None
        super().__init__(colors=page_colors(theme), shape=shape)
        self.on_msg(lambda widget, content, buffers: self.cell_window.receive(content))
        cells.add(self)

    def close(self):
        """End the window, and take it out of the notebook."""
        cells.remove(self)
        if self.cell_window:
            self.cell_window.close()
        super().close()

    def _repr_mimebundle_(self, **options):
        """Return how to show it, with a still for where no kernel runs, as on GitHub and nbviewer."""
        data, metadata = super()._repr_mimebundle_(**options)
        if self._still is None and self.cell_window.figure:
            self._still = base64.b64encode(render_figure(self.cell_window.figure, ".png")).decode()
        return data | {"text/plain": "a window of NeuralScope"} | (
            {"image/png": self._still} if self._still else {}), metadata
