"""What the snapshots of a training tell: what they answer to the digit shown, and when each digit was learned."""

from functools import cached_property

import numpy as np

from neuralscope.analysis.ablation import ablate
from neuralscope.network import nonfinite
from neuralscope.network.evaluation import answer


class TrainingHistory:
    """The networks of ``snapshots`` and what they made of the test ``digits``; a snapshot is named by its index.

    ``before``: the TrainingHistory of the same training when there were fewer snapshots; its networks stay the same
    objects.
    """

    def __init__(self, snapshots, digits, before=None):
        """Begin with nothing computed."""
        self.snapshots, self.digits = snapshots, digits
        self._networks = {index: network for index, network in (before._networks if before else {}).items()
                          if index < len(snapshots) and before.snapshots.networks[index] is snapshots.networks[index]}
        self._outputs_key = self._outputs = None  # the digit and the ablated neurons of the last call of `outputs`

    def __len__(self):
        return len(self.snapshots)

    @property
    def epochs(self):
        """The epoch of each snapshot, (n,)."""
        return self.snapshots.epochs

    @property
    def first_trained(self):
        """The index of the first snapshot in which anything was learned."""
        return first_trained_index(self.epochs)

    @property
    def training_ended(self):
        """Whether the training ended at the last snapshot: what is so then stays so."""
        return bool(self.epochs[-1] == self.snapshots.epoch_count)

    def network_label(self, index):
        """Return what a snapshot is called."""
        return f"epoch {self.epochs[index]} of {self.snapshots.epoch_count}"

    def network(self, index):
        """Return the network of a snapshot, always the same object."""
        if index not in self._networks:
            self._networks[index] = self.snapshots.network(index)
        return self._networks[index]

    def index_of(self, network):
        """Return which snapshot a network is, or None."""
        return next((index for index, known in self._networks.items() if known is network), None)

    def outputs(self, image, ablated):
        """Return what all snapshots answer to a batch of one, without ``ablated`` neurons: (n, classes)."""
        outputs_key = image.tobytes(), repr(ablated)
        if outputs_key != self._outputs_key:
            networks = [ablate(self.network(index), ablated) for index in range(len(self))]
            outputs = np.concatenate([network.forward(image).outputs for network in networks])
            self._outputs_key, self._outputs = outputs_key, outputs
        return self._outputs

    # All test digits, with no neuron ablated

    def answers(self, index):
        """Return the Answers of a snapshot's network."""
        return answer(self.network(index), self.digits.images)

    @cached_property
    def predictions(self):
        """The classes answered to all test digits, (n, count); where the file's are of others, found anew."""
        if self.snapshots.matches_test_set(self.digits):
            return self.snapshots.predictions
        return np.array([self.answers(index).predictions for index in range(len(self))])

    @cached_property
    def right(self):
        """Whether each snapshot read each digit rightly, (n, count); one without an answer is not right."""
        right = self.predictions == self.digits.labels
        for index in range(len(self)):
            if nonfinite.locate(self.snapshots.networks[index]):
                right[index] &= self.answers(index).answered
        return right

    @cached_property
    def errors(self):
        """How many digits each snapshot misread, (n,)."""
        return np.count_nonzero(~self.right, axis=1)

    @cached_property
    def learned_at(self):
        """The snapshot from which each digit stays right, (count,), ``first_trained`` or later; ``len(self)``: none."""
        return self.first_trained + stays_true_from(self.right[self.first_trained:])

    @cached_property
    def lost_at(self):
        """The snapshot from which each digit stays wrong, (count,): ``first_trained``, it was never right."""
        return self.first_trained + stays_true_from(~self.right[self.first_trained:])

    @cached_property
    def learned_last(self):
        """The digits right in the end but not from ``first_trained`` on, the one learned last first."""
        found = np.flatnonzero((self.learned_at > self.first_trained) & (self.learned_at < len(self)))
        return found[np.argsort(-self.learned_at[found], kind="stable")]

    @cached_property
    def forgotten(self):
        """The digits right once and wrong in the end, the one right in most snapshots first."""
        found = np.flatnonzero((self.lost_at > self.first_trained) & (self.lost_at < len(self)))
        return found[np.argsort(-self.times_right(found), kind="stable")]

    def times_right(self, digit):
        """Return at how many snapshots from ``first_trained`` on a digit, or each of an array of them, is right."""
        return np.count_nonzero(self.right[self.first_trained:, digit], axis=0)


def first_trained_index(epochs):
    """Return the index of the first snapshot in which anything was learned: what is right at epoch 0 is chance."""
    return int(len(epochs) > 1 and epochs[0] == 0)


def stays_true_from(flags):
    """Return from which index on ``flags`` (n, ...) bool stay true; n where the last one is not."""
    return len(flags) - np.where(flags.all(axis=0), len(flags), np.argmin(flags[::-1], axis=0))
