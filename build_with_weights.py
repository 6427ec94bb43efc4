"""The step of a build that brings the trained network along: setup.cfg names it.

The one tracked copy stands at the top level, where people look for it; an installed package has it inside, where no way
of installing loses it. An editable install copies nothing, and finds the one at the top level.
"""

from pathlib import Path

from setuptools.command.build_py import build_py

WEIGHTS = "trained_weights.npz", "trained_weights.epochs.npz"


class BuildWithWeights(build_py):
    """Builds the package with the trained network inside."""

    def run(self):
        """Build, then copy the network."""
        super().run()
        if not self.editable_mode:
            for name in WEIGHTS:
                self.copy_file(name, self.weights_path(name), preserve_mode=False)

    def weights_path(self, name):
        """Return where a file of the network goes in the built package."""
        return str(Path(self.build_lib, "neuralscope", name))

    def get_outputs(self, include_bytecode=True):
        """Return the paths of all files that are built."""
        weights = [] if self.editable_mode else map(self.weights_path, WEIGHTS)
        return [*super().get_outputs(include_bytecode), *weights]

    def get_source_files(self):
        """Return the paths of all files that an sdist needs for it."""
        return [*super().get_source_files(), *WEIGHTS, f"{__name__.rpartition('.')[2]}.py"]
