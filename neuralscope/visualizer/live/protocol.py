"""What a window sees of a training, wherever it runs: the names, and what follows from its Run alone."""

TRAINING_FIELDS = (
    "idle",
    "running",
    "steps",
    "finished",
    "saved",
    "closed",
    "failure",
    "notice",
    "pace",
    "learning_rate",
    "latest",
    "report",
    "snapshots",
    "output",
    "metadata",
    "checkpoint_epochs",
    "kept_path",
    "options",
    "batch_size",
    "test_count",
    "steps_per_epoch",
    "total_steps",
)  # read in this order, what is read after ``at_rest`` is of that rest


class RunDescription:
    """Says of a training what its ``run``, a Run, knows."""

    read_only = ""  # why it heeds nobody here, in words

    @property
    def snapshots(self):
        """The Snapshots of its epochs, or None."""
        return self.run.snapshot_writer and self.run.snapshot_writer.snapshots

    @property
    def options(self):
        """The TrainingOptions."""
        return self.run.trainer.options

    @property
    def batch_size(self):
        """Images a step."""
        return self.run.trainer.batch_size

    @property
    def test_count(self):
        """The number of test digits."""
        return len(self.run.trainer.test.labels)

    @property
    def output(self):
        """The path of the file that is to hold the network."""
        return self.run.output

    @property
    def metadata(self):
        """What its files say of data and options, and of changes on the way."""
        return self.run.base_metadata | self.run.changed_metadata

    @property
    def checkpoint_epochs(self):
        """What its checkpoint holds, in words."""
        return "what was learned" if self.run.checkpoint_is_current else f"epoch {self.run.checkpoint_epochs}"
