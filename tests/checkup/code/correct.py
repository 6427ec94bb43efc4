"""Correct networks of many kinds, drawn by a seed: no complaint is to be made of any."""

import numpy as np

from tests.checkup.code.cases import STYLES, report

OUTPUTS = [("softmax", "cross-entropy"), ("sigmoid", "half squared error"), ("sigmoid", "mean squared error"),
           ("sigmoid", "binary cross-entropy"), ("identity", "half squared error")]


def correct_report(seed):
    """Return the style, the settings and the Report of the correct network of a seed."""
    rng = np.random.default_rng(1000 + seed)
    style = list(STYLES)[seed % 4]
    output, loss_name = OUTPUTS[rng.integers(len(OUTPUTS))]
    hidden = [int(width) for width in rng.integers(6, 20, rng.integers(1, 4))]
    settings = {"activation": str(rng.choice(["sigmoid", "tanh", "relu"])), "output": output, "loss_name": loss_name,
                "rate": 0.1, "decay": float(rng.choice([0, 0, 0.001])), "dropout": float(rng.choice([0, 0, 0, 0.2]))}
    sizes = (int(rng.integers(8, 30)), *hidden, int(rng.integers(2, 11)))
    found = report(style, "", settings, sizes=sizes, count=int(rng.integers(24, 60)), seed=seed,
                   zero_biases=seed % 8 < 4)
    return style, sizes, settings, found
