"""Rows of equal height, one for each class, as cells."""

from neuralscope.visualizer.widgets.panel import Panel, inside


class ClassRows(Panel):
    """A row for each of ``class_names``, each ``row`` high, from the top of ``box`` down."""

    def grid(self, session):
        """Return a row for each class."""
        return len(self.class_names), 1

    def cell_at(self, session, x, y):
        """Return the row at a point."""
        if not inside(self.box, x, y):
            return None
        return min(int((self.box[1] + self.box[3] - y) / self.row), len(self.class_names) - 1), 0
