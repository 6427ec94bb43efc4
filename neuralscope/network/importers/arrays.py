"""Layers out of arrays of any names: which are weights, which biases, in what order, and which way round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from neuralscope.errors import InputError, sentence
from neuralscope.network.importers import array_names
from neuralscope.network.importers.activation_names import activations_from_texts
from neuralscope.network.importers.array_names import BIAS, OTHER, UNKNOWN, WEIGHT, role
from neuralscope.network.importers.biases import assign_biases, is_vector
from neuralscope.network.importers.chains import Chain, find_chains
from neuralscope.network.importers.file_scales import find_scale
from neuralscope.network.importers.foreign import NO_ENDS, Ends, ForeignLayer, ForeignNetwork
from neuralscope.short_repr import short_repr

MAX_ARRAYS = 1000
MAX_LAYERS = 100
SHOWN_ARRAYS, SHOWN_LEFT = 12, 8


@dataclass(frozen=True, eq=False)
class Candidate:
    """One way to make layers of arrays: a Chain of matrices by their names, and each layer's biases by name or None.

    ``inside``: whether the biases are one more input of each matrix. ``unused``: the arrays that belong to no layer.
    """

    chain: Chain
    names: tuple[str, ...]
    biases: tuple[str | None, ...]
    inside: bool
    unused: tuple[str, ...]
    __repr__ = short_repr

    @property
    def arrangement(self) -> tuple:
        """What the network is made of: those of two candidates that are alike are equal."""
        return tuple((self.names[link.place], link.transposed) for link in self.chain.links), self.biases, self.inside


@np.errstate(all="ignore")  # what is not finite is shown where it is
def network_from_arrays(arrays: Mapping[str, np.ndarray], format_name: str, ends: Ends = NO_ENDS) -> ForeignNetwork:
    """Return the ForeignNetwork in arrays by name, of any shapes and dtypes, texts among them.

    Raises InputError, which says all that was found and what is expected, where they are none or more than one.
    """
    if len(arrays) > MAX_ARRAYS:
        raise InputError(f"holds {len(arrays):,} arrays, and at most {MAX_ARRAYS:,} are read")
    usable = usable_arrays(arrays)
    try:
        check_kinds(usable)
        chosen = choose(candidates(usable, ends), ends)
        check_unused(chosen, usable)
    except InputError as error:
        raise InputError(f"{error.problem}; found: {shapes_text(arrays)}", sentence(
            error.remedy, f"expected: weights {expected_text(ends)}, either way round, with biases of the outputs' "
            "number, one more row or column, or none")) from None
    others = [name for name in arrays if name not in usable]
    return build(chosen, usable, {name: arrays[name] for name in others}, format_name, ends)


def usable_arrays(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays of numbers by name, in the order of their numbers; stacks of matrices or biases part by part.

    Raises InputError for what only a convolution has.
    """
    found: dict[str, np.ndarray] = {}
    for name in array_names.ordered(list(arrays)):
        array = arrays[name]
        if array.dtype.kind not in "iufb" or array.dtype.fields or 0 in array.shape:
            continue
        while array.ndim > 2 and array.shape[0] == 1:
            array = array[0]
        if array.ndim == 1 and role(name) == WEIGHT and not name.endswith(".weight"):
            array = array[:, np.newaxis]  # of a single output
        is_stack = role(name) != OTHER and (array.ndim == 3 or (
            array.ndim == 2 and role(name) == BIAS and not is_vector(array)))
        if is_stack and len(array) <= MAX_LAYERS:
            found |= {f"{name}.{number}": part for number, part in enumerate(array)}
        else:
            found[name] = array
    return found


def check_kinds(arrays: Mapping[str, np.ndarray]) -> None:
    """Raise InputError for arrays that only other networks have: convolutions and normalisations."""
    for name, array in arrays.items():
        found = {*array_names.words(name)}
        if (array.ndim == 4 and role(name) != OTHER) or (found & array_names.CONVOLUTION_WORDS and array.ndim > 1):
            raise InputError(f"{name} {array.shape} is a convolution's, and only fully connected networks are read")
        if array.ndim < 2 and (found & array_names.NORMALIZATION_WORDS or name.endswith(".weight")):
            raise InputError(f"{name} {array.shape} is a normalisation's, and arrays alone do not say where it stands",
                             "export the network as ONNX or Keras, or fold it into the layer before")


def candidates(arrays: Mapping[str, np.ndarray], ends: Ends) -> list[Candidate]:
    """Return all ways to make layers of arrays."""
    matrices = [name for name, array in arrays.items() if array.ndim == 2 and not is_vector(array)]
    by_role = [[name for name in matrices if role(name) in roles]
               for roles in ((WEIGHT,), (WEIGHT, UNKNOWN), (WEIGHT, UNKNOWN, BIAS), (WEIGHT, UNKNOWN, BIAS, OTHER))]
    subsets = [tuple(names) for names in {tuple(names): None for names in by_role}]
    single = [name for name, array in arrays.items() if array.ndim == 2 and is_vector(array) and role(name) != BIAS]
    found = []
    for names in subsets:
        for last in (None, *single):
            chosen = names if last is None else (*names, last)
            if 0 < len(chosen) <= MAX_LAYERS:
                found += subset_candidates(arrays, chosen, last, ends)
        if {*matrices} - {*names} and any(is_whole(candidate, ends) for candidate in found):
            break  # what else there is belongs to no layer; to try it takes long
    return found


def is_whole(candidate: Candidate, ends: Ends) -> bool:
    """Whether a Candidate has the ends asked for, and nothing is odd about it or left that is called a layer's."""
    *_, unknown = ranks = rank(candidate, ends)
    return not any(ranks[:-1]) and (not unknown or None not in (ends.inputs, ends.outputs))


def subset_candidates(arrays: Mapping[str, np.ndarray], names: tuple[str, ...], last: str | None,
                      ends: Ends) -> list[Candidate]:
    """Return all ways to make layers of these matrices; ``last``: the one that is of a single output, or None."""
    found = []
    shapes = [arrays[name].shape for name in names]
    for inside in (False, True):
        for chain in find_chains(shapes, int(inside), ends.layout, None if last is None else len(names) - 1):
            if last is not None and (chain.widths[-1] != 1 or 1 in chain.widths[:-1]):
                continue
            rest = [name for name in arrays if name not in names]
            vectors = [] if inside else [name for name in rest if is_vector(arrays[name]) and role(name) != WEIGHT]
            weights = [names[link.place] for link in chain.links]
            biases = assign_biases(weights, chain.widths[1:], vectors, arrays)
            unused = tuple(name for name in rest if name not in biases)
            found.append(Candidate(chain, names, biases, inside, unused))
    return found


def choose(found: Sequence[Candidate], ends: Ends) -> Candidate:
    """Return the best Candidate; raises InputError where there is none, or another is as good."""
    if not found:
        raise InputError("the arrays make no network, for no order of the weights chains")
    ranked = sorted(found, key=lambda candidate: rank(candidate, ends))
    best = ranked[0]
    rivals = {other.arrangement: other for other in ranked if rank(other, ends) == rank(best, ends)}
    if len(rivals) > 1:
        ways = " or ".join("-".join(map(str, other.chain.widths)) for other in list(rivals.values())[:3])
        raise InputError(f"the arrays make more than one network ({ways})", "name them W1, b1, W2, b2")
    return best


def rank(candidate: Candidate, ends: Ends) -> tuple:
    """Return how unlikely a Candidate is, to sort by: what does not fit the data, what is left over, what is odd."""
    widths, biases = candidate.chain.widths, candidate.biases
    left = [role(name) for name in candidate.unused]
    missing = 0 < biases.count(None) < len(biases)
    last = candidate.names[candidate.chain.links[-1].place]
    return (ends.inputs not in (None, widths[0]), left.count(WEIGHT) + left.count(BIAS), missing,
            ends.outputs not in (None, max(2, widths[-1])), widths[-1] > widths[0], candidate.inside,
            widths[-1] == 1 and role(last) != WEIGHT, candidate.chain.rank, left.count(UNKNOWN))


def check_unused(chosen: Candidate, arrays: Mapping[str, np.ndarray]) -> None:
    """Raise InputError where what is left over may be a part of the network."""
    for name in chosen.unused:
        array = arrays[name]
        if role(name) == OTHER:
            continue
        if role(name) in (WEIGHT, BIAS) or (is_vector(array) and array.ndim and array.size in chosen.chain.widths[1:]):
            raise InputError(f"{name} {array.shape} fits no one layer of {'-'.join(map(str, chosen.chain.widths))}")


def build(chosen: Candidate, arrays: dict[str, np.ndarray], others: Mapping[str, np.ndarray], format_name: str,
          ends: Ends) -> ForeignNetwork:
    """Return the ForeignNetwork of a Candidate; ``arrays`` is emptied on the way, so that no number is held twice."""
    links = chosen.chain.links
    known = {link.transposed for link in links if len({*arrays[chosen.names[link.place]].shape}) > 1}
    layout = ends.layout or ("" if len(known) > 1 else "out-in" if True in known else "in-out")
    is_torch = array_names.is_state_dict(list(arrays)) and known <= {True}
    layout = "out-in" if is_torch and not ends.layout else layout
    file_scale, used = find_scale(arrays, chosen.unused, chosen.chain.widths[0])
    unused = [name for name in chosen.unused if name not in used]
    layers = []
    for link, bias in zip(links, chosen.biases, strict=True):
        values = arrays.pop(chosen.names[link.place])
        square = not chosen.inside and len({*values.shape}) == 1 and values.size > 1
        turned = layout == "out-in" if square else link.transposed
        layers.append(make_layer(values.T if turned else values, None if bias is None else arrays.pop(bias),
                                 chosen.inside, square and not ends.layout and not is_torch))
    names, texts_unused = activations_from_texts(others, len(layers))
    layers = [replace(layer, activation=name) for layer, name in zip(layers, names, strict=True)]
    raw_scores = layers[-1].activation == "identity"
    if raw_scores:
        layers[-1] = replace(layers[-1], activation="softmax")
    unused += texts_unused
    notices = (left_out_text(unused),) if unused else ()
    return ForeignNetwork(tuple(layers), format_name, raw_scores=raw_scores, notices=notices, layout=layout,
                          file_scale=file_scale)


def make_layer(values: np.ndarray, biases: np.ndarray | None, inside: bool, may_be_transposed: bool) -> ForeignLayer:
    """Return a layer of weights (inputs, outputs), or (inputs + 1, outputs) with the biases ``inside``."""
    values = exact(values)
    if inside:
        return ForeignLayer(values[:-1], values[-1], biases_may_be_first=True)
    flat = np.zeros(values.shape[1]) if biases is None else exact(biases).reshape(-1)
    return ForeignLayer(values, flat, may_be_transposed=may_be_transposed)


def exact(array: np.ndarray) -> np.ndarray:
    """Return a copy of an array of numbers: float32 of those of two bytes, which are exact in four, else float64."""
    return np.array(array, np.float32 if array.dtype.itemsize <= 2 else np.float64, order="C")


def left_out_text(names: Sequence[str]) -> str:
    """Return in words which arrays belong to no layer."""
    shown = [*names[:SHOWN_LEFT], *([f"{len(names) - SHOWN_LEFT} more"] if len(names) > SHOWN_LEFT else [])]
    return f"left out, for {'it belongs' if len(names) == 1 else 'they belong'} to no layer: {', '.join(shown)}"


def shapes_text(arrays: Mapping[str, np.ndarray]) -> str:
    """Return names and shapes of arrays in a line."""
    texts = [f"{name} {array.shape}" + (f" {array.dtype}" if array.dtype.kind not in "iuf" else "")
             for name, array in list(arrays.items())[:SHOWN_ARRAYS]]
    more = [f"and {len(arrays) - SHOWN_ARRAYS} more"] if len(arrays) > SHOWN_ARRAYS else []
    return ", ".join([*texts, *more]) or "no array"


def expected_text(ends: Ends) -> str:
    """Return the shapes of weights that make a network with these ends."""
    inputs, outputs = ends.inputs or "inputs", ends.outputs or "classes"
    return f"({inputs}, {outputs}), or ({inputs}, n), ..., (m, {outputs})"
