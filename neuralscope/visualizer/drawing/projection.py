"""The network in space, and how it is seen: points, planes and what lies in front of what; NumPy only.

The layers stand behind each other along the x axis, the middle of each on it; y points up, and z from the right edge
of a sheet to its left one. A sheet's longer side is 1.
"""

import numpy as np

EYE_DISTANCE = 6.0  # of the eye from the middle: the larger, the flatter
# from the first layer to the last, with no hidden layer, with one, ..., in a room
SCENE_LENGTHS = 2.0, 2.7, 3.2, 3.6, 3.9
DEFAULT_ASPECT = 1.95  # times as wide as high; in others they stand closer or farther apart,
MIN_STRETCH, MAX_STRETCH = 0.5, 1.25  # at least and at most by these factors
OUTPUTS_HEIGHT = 1.2  # how high the column of outputs is


class Scene:
    """Where everything stands: ``shapes`` (rows, columns) of the sheets, and so many ``outputs`` below each other.

    ``aspect``: how many times as wide as high the room is in which they are seen.
    """

    def __init__(self, shapes, outputs, aspect=DEFAULT_ASPECT):
        """Put the layers at even distances."""
        stretch = min(max(aspect / DEFAULT_ASPECT, MIN_STRETCH), MAX_STRETCH)
        length = SCENE_LENGTHS[min(len(shapes), len(SCENE_LENGTHS)) - 1] * stretch
        self.layer_positions = np.linspace(-length / 2, length / 2, len(shapes) + 1)  # of each layer, on the x axis
        self.shapes = shapes
        heights = (np.arange(outputs) + 0.5) / outputs
        self.outputs = np.stack([np.full(outputs, length / 2), OUTPUTS_HEIGHT * (0.5 - heights), np.zeros(outputs)],
                                axis=1)

    def frame(self, sheet):
        """Return (4, 3): the matrix from (column, row, 1) on a sheet, in cells, to (x, y, z, 1) in the scene."""
        rows, columns = self.shapes[sheet]
        side = 1 / max(rows, columns)
        return np.array([[0, 0, self.layer_positions[sheet]],
                         [0, -side, rows * side / 2],
                         [-side, 0, columns * side / 2],
                         [0, 0, 1]])

    def cells(self, sheet, numbers):
        """Return the middles ``(n, 3)`` of cells, which are counted along the rows."""
        row, column = np.divmod(numbers, self.shapes[sheet][1])
        on_sheet = np.stack([column + 0.5, row + 0.5, np.ones(len(numbers))])
        return (self.frame(sheet) @ on_sheet)[:3].T

    def corners(self):
        """Return all points ``(n, 3)`` between which everything lies."""
        edges = [(self.frame(sheet) @ np.array([[0, columns, columns, 0], [0, 0, rows, rows], [1, 1, 1, 1]]))[:3].T
                 for sheet, (rows, columns) in enumerate(self.shapes)]
        return np.concatenate([*edges, self.outputs[[0, -1]]])


class Projection:
    """Shows a scene in a window: all of it, as large as it can be in a ``room`` (left, bottom, width, height) in units.

    ``corners`` (n, 3): the points between which it lies; ``camera`` says from where it is seen, how much closer, and by
    how much it is moved.
    """

    def __init__(self, camera, room, corners):
        """Find where and how large everything is to be."""
        yaw, pitch = np.radians(camera.angles)
        turned = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
        nodded = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
        right, up, near = nodded @ turned
        self.eye = EYE_DISTANCE * near
        matrix = np.zeros((3, 4))  # what makes (x w, y w, w) of (x, y, z, 1): what is near is larger, for w is smaller
        matrix[0, :3], matrix[1, :3], matrix[2, :3], matrix[2, 3] = right, up, -near / EYE_DISTANCE, 1
        self.matrix = matrix
        seen = self.project(corners)
        low, high = seen.min(axis=0), seen.max(axis=0)
        scale = min(np.array(room[2:]) / (high - low)) * camera.zoom
        x, y = np.add(room[:2], np.divide(room[2:], 2)) + camera.offset - scale * (low + high) / 2
        self.matrix = np.array([[scale, 0, x], [0, scale, y], [0, 0, 1]]) @ matrix

    def project(self, points):
        """Return where points ``(n, 3)`` are seen, ``(n, 2)`` in units."""
        x, y, w = self.matrix @ np.concatenate([points, np.ones((len(points), 1))], axis=1).T
        return np.stack([x / w, y / w], axis=1)

    def plane(self, frame):
        """Return (3, 3): the matrix from (column, row, 1) in a plane of `Scene.frame` to (x w, y w, w) in units."""
        return self.matrix @ frame

    def order(self, positions):
        """Return the numbers of planes across the x axis at these places, that which hides all others last."""
        return np.argsort(-np.abs(np.subtract(positions, self.eye[0])), kind="stable")


def map_points(plane, points):
    """Return what a plane's matrix, or its inverse, makes of points ``(n, 2)``."""
    x, y, w = plane @ np.concatenate([points, np.ones((len(points), 1))], axis=1).T
    return np.stack([x / w, y / w], axis=1)
