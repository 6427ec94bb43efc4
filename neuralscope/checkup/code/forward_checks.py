"""The lines of a check-up on the forward pass and on what the functions do beside their work."""

import numpy as np

from neuralscope.checkup.code.mistakes import FORWARD_MISTAKES, MISTAKES
from neuralscope.checkup.code.recognise import output_rows, probe_arrays
from neuralscope.checkup.code.remedies import remedy_of
from neuralscope.checkup.code.session import CodeSession
from neuralscope.checkup.report import CheckResult
from neuralscope.errors import InputError
from neuralscope.formatting import counted, plain, thousands

FORWARD_LINE, NUMBERS_LINE = "forward pass", "outputs and loss are numbers"
LARGE_SCORE = 1e6  # nearly all scores of such weights are beyond 709, from where exp() is infinite in float64
LARGE_INPUT = 50.0  # beyond what is 0 to 1, or of a mean 0 and a deviation 1


def check_fit(session: CodeSession) -> CheckResult:
    """Return what network was recognised, and in which layout its arrays are."""
    numbers = thousands(sum(array.size for array in session.arrays.values()))
    if not session.known:
        return CheckResult("arrays fit each other", True, f"{numbers} numbers", "forward is no chain of layers that is "
                           "known here: gradients are measured, and mistakes in them are not named")
    form, chain = session.known.form, session.known.chain
    network = session.known.network(session.arrays, 1)
    sizes = "-".join(str(size) for size in (len(network.weights[0]), *(each.shape[1] for each in network.weights)))
    hidden = ", ".join(dict.fromkeys(form.activations))
    loss = "a loss of another kind" if not form.loss else form.loss + (
        f" {'in the mean' if session.known.batch_mean else 'summed'} over the batch")
    transposed = {layer.transposed for layer in chain}
    weights = "both ways" if len(transposed) > 1 else "(out, in)" if True in transposed else "(in, out)"
    dropout = "; dropout" if any(mask is not None for mask in form.masks) else ""
    return CheckResult(
        "arrays fit each other", True, f"{numbers} numbers",
        f"{sizes}, {' and '.join(filter(None, (hidden, form.head)))}, {loss}{dropout}; samples as "
        f"{'rows' if session.batch.x_axis == 0 else 'columns'}, weights {weights}",
        details={"sizes": [len(network.weights[0]), *(each.shape[1] for each in network.weights)],
                 "activations": list(form.activations), "output": form.head, "loss": form.loss,
                 "batch_mean": session.known.batch_mean, "transposed": [layer.transposed for layer in chain]})


def check_side_effects(session: CodeSession) -> CheckResult:
    """Return whether the functions leave what they are given, and say the same each time."""
    title = "same each time, nothing changed"
    if "gradients" in session.unsteady and "forward" not in session.unsteady and _pile_up(session):
        mistake = MISTAKES["piles up"]
        return CheckResult(title, False, "gradients", mistake.name, mistake.remedy, {"mistakes": [["piles up"]]})
    if session.unsteady:
        return CheckResult(title, False, " and ".join(session.unsteady),
                           f"{' and '.join(session.unsteady)} differ from call to call with the same random state",
                           "make the generator inside the function, from a seed, or leave the dropout out")
    if session.code.changed:
        changed = ", ".join(session.code.changed)
        return CheckResult(title, False, counted(len(session.code.changed), "change"), f"{changed} in place",
                           "work on a copy: x = x / 255, not x /= 255")
    drawn = "; forward draws random numbers, the same each time" if session.random else ""
    return CheckResult(title, True, "", f"called twice{drawn}")


def check_outputs(session: CodeSession) -> CheckResult:
    """Return whether the outputs and their loss are finite, and have none of the mistakes of FORWARD_MISTAKES."""
    form = session.known.form if session.known else None
    key = ""
    if not np.isfinite(session.outputs).all():
        return CheckResult(NUMBERS_LINE, False, f"{np.sum(~np.isfinite(session.outputs))} NaN or infinite",
                           f"forward returns such with your parameters, of {session.outputs.size} outputs",
                           "mend the scale of the inputs or of the starting weights, and what overflows")
    if not np.isfinite(session.loss):
        return CheckResult(NUMBERS_LINE, False, f"loss {session.loss}", "the outputs are finite, and their loss is not",
                           "keep the logarithm from 0: np.log(np.clip(p, 1e-12, 1))")
    if form.head == "softmax over the samples" if form else _sums_over_samples(session):
        key = "softmax over the samples"
    elif form and form.late_bias:
        key = "late bias"
    elif form and ("softmax" in form.activations or (form.head == "relu" and {*form.activations} == {"identity"})):
        key = "exchanged activations"
    if key:
        mistake = FORWARD_MISTAKES[key]
        return CheckResult(FORWARD_LINE, False, form.head if form else "", mistake.name, mistake.remedy,
                           {"mistakes": [[key]]})
    return CheckResult(FORWARD_LINE, True, form.head if form else "", "its outputs are those of our own network, "
                       "with random parameters too" if form else "no mistake of the list is seen in it")


def check_overflow(session: CodeSession) -> CheckResult:
    """Return whether the outputs stay numbers when the scores are large."""
    title = "large scores"
    large = {path: array * LARGE_SCORE for path, array in probe_arrays(session.arrays, session.rng).items()}
    if session.known:  # the last layer alone: what is below stays as it is
        last = session.known.chain[-1].weights
        large = {**session.arrays, last: large[last]}
    elif not np.isfinite(session.outputs).all():
        return CheckResult(title, None, "", "could not be tried: the outputs are no numbers as it is")
    try:
        outputs, _ = output_rows(session.code.outputs(large, session.batch.x), session.batch)
    except InputError as error:
        return CheckResult(title, None, "", f"could not be tried: {error.problem}")
    bad = int(np.sum(~np.isfinite(outputs).all(axis=1)))
    if not bad:
        return CheckResult(title, True, "finite", "with scores of millions the outputs stay numbers")
    if not _is_softmax(session):
        return CheckResult(title, False, f"{bad} of {len(outputs)} NaN", "with scores of millions exp overflows",
                           "keep what goes into exp within bounds: np.exp(np.clip(z, -500, 500))")
    mistake = FORWARD_MISTAKES["overflow"]
    return CheckResult(title, False, f"{bad} of {len(outputs)} NaN", f"{mistake.name}: exp overflows",
                       remedy_of(session, mistake),
                       {"mistakes": [["overflow"]]})


def check_inputs(session: CodeSession) -> CheckResult:
    """Return whether the inputs are of a size that a network learns from."""
    low, high = float(session.samples.x.min()), float(session.samples.x.max())
    figure = f"{plain(low)} to {plain(high)}"
    factor = session.known.input_factor if session.known else 1.0
    if max(-low, high) * factor < LARGE_INPUT:
        return CheckResult("scale of the inputs", True, figure, "no sum is driven to the ends of its activation" if
                           factor == 1 else "forward divides them by 255 itself")
    mistake = FORWARD_MISTAKES["inputs 0..255"]
    return CheckResult("scale of the inputs", False, figure, mistake.name, mistake.remedy,
                       {"mistakes": [["inputs 0..255"]]})


def _pile_up(session):
    """Tell whether each call adds the same to the gradients."""
    code, batch = session.code, session.batch
    calls = [code.gradients_at(session.arrays, batch.x, batch.y) for _ in range(3)]
    return all(np.allclose(calls[2][path] - calls[1][path], calls[1][path] - calls[0][path], 1e-6, 0)
               for path in session.arrays)


def _is_softmax(session):
    """Tell whether the outputs come of a softmax; of an unknown network, whether those of each sample sum to 1."""
    if session.known:
        return "softmax" in session.known.form.head
    return bool((session.outputs >= 0).all() and np.allclose(session.outputs.sum(axis=1), 1))


def _sums_over_samples(session):
    """Tell whether the outputs of each class sum to 1 over the samples, and not those of each sample."""
    by_class, by_sample = (np.allclose(session.outputs.sum(axis=axis), 1) for axis in (0, 1))
    return bool((session.outputs >= 0).all() and by_class and not by_sample)
