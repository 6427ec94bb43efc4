"""Names and remedies of mistakes in the words of a person's code: its layers' names, its layout, its activation."""

from neuralscope.checkup.code.match import Match
from neuralscope.checkup.code.mistakes import DERIVATIVES, MEND_OUTPUT, MISTAKES, Mistake
from neuralscope.checkup.code.session import CodeSession


def match_name(session: CodeSession, match: Match, layer: int = 0) -> str:
    """Return the name of a match; ``layer``: from 0, for one that was made in all."""
    return ", and ".join(_filled(session, MISTAKES[key].name, _layer(match, layer)) for key in match.keys)


def match_remedy(session: CodeSession, matches: list[Match], layer: int = 0, biases_alone: bool = False) -> str:
    """Return the lines that mend the mistakes of matches, any of which it may be; ``biases_alone``: made in these."""
    return "; or ".join(dict.fromkeys(_filled(session, MISTAKES[key].remedy, _layer(match, layer), biases_alone)
                                      for match in matches for key in match.keys))


def remedy_of(session: CodeSession, mistake: Mistake, layer: int = 0) -> str:
    """Return the line that mends a mistake in a layer."""
    return _filled(session, mistake.remedy, layer)


def _layer(match, layer):
    """Return the layer that a match speaks of."""
    return layer if match.layer is None else match.layer


def _filled(session, template, layer, biases_alone=False):
    """Return a template with what it leaves open: of the layout where that is known, else of samples as rows."""
    known, arrays = session.known, session.arrays
    own = known.chain[min(layer, len(known.chain) - 1)] if known else None
    above = known.chain[layer + 1] if known and layer + 1 < len(known.chain) else None
    bias = arrays[own.bias].shape if own and own.bias is not None else ()
    columns = session.batch.x_axis != 0 or _are_columns(arrays, known)
    samples, classes = (1, 0) if columns else (0, 1)
    error = ("d @ {}.T", "d @ {}") if not columns else ("{} @ d", "{}.T @ d")
    product = (("a.T @ d", "d.T @ a"), ("a @ d.T", "d @ a.T"))[columns][bool(own and own.transposed)]
    turned = bool(above.transposed) if above else columns
    name = session.names[above.weights] if above else "W"
    form = known.form if known else None
    activation = form.activations[layer] if form and layer < len(form.activations) else "activation"
    output = MEND_OUTPUT.get((form.head, form.loss), "delta = d loss / d z") if form else "delta = d loss / d z"
    weights, biases = f"dW = {product}", f"db = d.sum(axis={samples}{', keepdims=True' * (len(bias) > 1)})"
    return template.format(
        activation=activation, slope=DERIVATIVES.get(activation, "f'(z)"), output=output.format(classes=classes),
        error=error[turned].format(name), unturned=error[not turned].format(name), classes=classes, weights=weights,
        biases=biases, gradient=biases if biases_alone else weights)


def _are_columns(arrays, known):
    """Tell whether biases are columns, so that each sample is one inside, whatever X is."""
    return any(layer.bias is not None and arrays[layer.bias].ndim == 2 and arrays[layer.bias].shape[1] == 1 and
               arrays[layer.bias].size > 1 for layer in (known.chain if known else ()))
