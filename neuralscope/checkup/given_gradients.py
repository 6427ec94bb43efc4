"""Whether gradients that somebody gives are those of the loss."""

import math

import numpy as np

from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.study import Steps, Study
from neuralscope.formatting import counted, scientific
from neuralscope.network.functions import one_hot

TOLERANCE = 1e-4  # of the size of a gradient


def gradients_right(study: Study) -> Steps:
    """Compare gradients of one's own with backpropagation in float64."""
    yield
    if study.gradients is None:
        return Outcome(None, "", "give gradients={\"W1\": ..., \"b1\": ...} of the mean loss to have them checked")
    network = study.network.astype(np.float64)
    targets = one_hot(study.labels, network.sizes[-1], np.float64)
    right = network.gradients(network.forward(study.inputs(study.data.test.images)), targets)
    yield
    differences, ratios = {}, {}
    for name, given in study.gradients.items():
        given = np.asarray(given, np.float64)
        size = max(float(np.linalg.norm(given)), float(np.linalg.norm(right[name])))
        differences[name] = float(np.linalg.norm(given - right[name])) / size if size else 0.0
        if np.any(right[name]):
            ratios[name] = float(np.vdot(given, right[name]) / np.vdot(right[name], right[name]))
    worst = max(differences, key=differences.__getitem__)
    details = {"differences": differences, "ratios": ratios, "images": len(study.labels)}
    if differences[worst] < TOLERANCE:
        figures = math.floor(-math.log10(max(differences[worst], 1e-16)))
        return Outcome(True, counted(figures, "figure"), f"{', '.join(differences)}: equal to the derivatives of the "
                       "mean loss", details=details)
    wrong = [name for name, difference in differences.items() if difference >= TOLERANCE]
    return Outcome(False, ", ".join(wrong), factor_text(study, wrong, ratios, right) or
                   f"{worst} differs by {scientific(differences[worst], 2)} of its size",
                   "neuralscope.check_code names the mistake in the code that makes them", details)


def factor_text(study: Study, wrong: list[str], ratios: dict, right: dict) -> str:
    """Say by which one number all wrong gradients are too large, or ""."""
    given = study.gradients or {}
    if not wrong or any(name not in ratios for name in wrong):
        return ""
    factor = ratios[wrong[0]]
    same = all(np.allclose(given[name], factor * right[name], rtol=1e-3, atol=1e-3 * np.abs(right[name]).max())
               for name in wrong)
    if not same:
        return ""
    if abs(factor - len(study.labels)) < 1e-3 * len(study.labels):
        return f"{', '.join(wrong)}: {len(study.labels)} times too large, as summed over the images and not averaged"
    return f"{', '.join(wrong)}: the right ones times {factor:.4g}"
