"""Which mistake gives the person's gradients: all of the table are computed, and held beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from neuralscope.checkup.code.layout import Samples, targets_of
from neuralscope.checkup.code.mistakes import MISTAKES, Mistake
from neuralscope.checkup.code.parameters import Path
from neuralscope.checkup.code.recognise import Recognised
from neuralscope.checkup.code.reference import RULES, CodeNetwork, backward, forward

EQUAL = 1e-5  # relative difference of gradients that are one: people add up to 1e-8 to what they divide by
OTHER = 1e-3  # of gradients that are two: what differs less from the right ones is no mistake here
FITTED = 4  # numbers at least of which a constant is fitted: of a single one it always fits
NOTHING = 1e-10  # of the longest gradient: shorter ones are rounding

Arrays = dict[Path, np.ndarray]


@dataclass(frozen=True)
class Match:
    """How near a mistake comes: ``keys`` of MISTAKES, all made together; ``layer``: from 0, or None for all.

    ``difference``: the largest relative one over the arrays compared.
    """

    keys: tuple[str, ...]
    layer: int | None
    difference: float


@dataclass(frozen=True, eq=False)
class Variant:
    """The gradients that a mistake gives, made in one layer, or in all where ``layer`` is None."""

    key: str
    layer: int | None
    gradients: Arrays


def difference(first: np.ndarray, second: np.ndarray, floor: float = 0.0) -> float:
    """Return how far two arrays are from each other, relative to the longer; ``floor``: the least length that counts.
    """
    size = max(np.linalg.norm(first), np.linalg.norm(second))
    if not np.isfinite(size):
        return np.inf
    return float(np.linalg.norm(first - second) / size) if size > floor else 0.0


def floor_of(gradients: Arrays) -> float:
    """Return the length below which a gradient is rounding."""
    return NOTHING * max((float(np.linalg.norm(each)) for each in gradients.values()), default=0.0)


def right_gradients(known: Recognised, arrays: Arrays, samples: Samples) -> Arrays:
    """Return the right gradients in the person's layout."""
    return known.by_path(backward(*_pass(known, arrays, samples)), arrays)


def variants(known: Recognised, arrays: Arrays, samples: Samples) -> Iterator[Variant]:
    """Yield what each mistake of the table gives, in all layers and in each."""
    network, trace, targets = _pass(known, arrays, samples)
    for key, mistake in MISTAKES.items():
        for layer in (None, *_layers(mistake, network)) if mistake.changes else ():
            changed = backward(network, trace, targets, _fitting(mistake, network), None if layer is None else {layer})
            yield Variant(key, layer, known.by_path(changed, arrays))


def find_matches(theirs: Arrays, right: Arrays, made: list[Variant], paths: list[Path],
                 factors: Mapping[str, float]) -> list[Match]:
    """Return for every mistake how near it comes to their gradients in ``paths``, the nearest first, one a mistake.

    ``factors``: by name, what a gradient is often multiplied by; see `known_factors`.
    """
    floor = floor_of(right)
    found = [Match(keys, None, far) for keys, far in (*_by_factor(theirs, right, paths, factors, floor),
                                                      *_by_known_factors(theirs, right, paths, factors, floor))]
    for variant in made:
        if max(difference(variant.gradients[path], right[path], floor) for path in paths) < OTHER:
            continue
        far = max(difference(theirs[path], variant.gradients[path], floor) for path in paths)
        found.append(Match((variant.key,), variant.layer, far))
        if far > EQUAL:
            found += [Match((variant.key, *keys), variant.layer, far)
                      for keys, far in _by_factor(theirs, variant.gradients, paths, factors, floor)
                      if far <= EQUAL and keys != ("zeros",)]
    found.sort(key=lambda match: (match.difference > EQUAL, len(match.keys), match.difference))
    nearest: dict[tuple[str, ...], Match] = {}
    for match in found:
        nearest.setdefault(match.keys, match)
    return list(nearest.values())


def equal_ones(matches: list[Match]) -> list[Match]:
    """Return the matches that give their gradients, those of the fewest mistakes.

    Of mistakes that one line mends the first of the table stands for all.
    """
    equal = [match for match in matches if match.difference <= EQUAL]
    fewest = [match for match in equal if len(match.keys) == min(len(each.keys) for each in equal)]
    fewest.sort(key=lambda match: [list(MISTAKES).index(key) for key in match.keys])
    return list({tuple(MISTAKES[key].remedy for key in match.keys): match for match in reversed(fewest)}.values())[::-1]


def known_factors(count: int, classes: int) -> dict[str, float]:
    """Return what gradients are often multiplied by, for a batch of ``count``."""
    return {"batch": count, "1/batch": 1 / count, "classes": classes, "1/classes": 1 / classes,
            "batch classes": count * classes, "1/(batch classes)": 1 / (count * classes), "2": 2, "1/2": 0.5,
            "-1": -1, "0": 0}


def name_factor(factor: float, factors: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Return the mistakes that multiply by a factor, each as keys of MISTAKES; two together where one does not."""
    by_factor = {mistake.factor: key for key, mistake in MISTAKES.items() if mistake.factor}
    single = [name for name, value in factors.items() if abs(factor - value) <= EQUAL * max(abs(value), 1e-3)]
    if single:
        return [(by_factor[name],) for name in single]
    turned = [name for name, value in factors.items() if abs(factor + value) <= EQUAL * abs(value)]
    if turned:
        return [(by_factor["-1"], by_factor[name]) for name in turned]
    return [(by_factor["other"],)]


def _by_factor(theirs, right, paths, factors, floor):
    """Yield (keys, difference) of the mistakes that multiply ``right`` by the factor that fits best, where it does."""
    long = [path for path in paths if np.linalg.norm(right[path]) > floor]
    length = sum(np.sum(right[path]**2) for path in long)
    if not length:
        return
    factor = float(sum(np.sum(theirs[path] * right[path]) for path in long) / length)
    far = max(difference(theirs[path], factor * right[path], floor) for path in paths)
    enough = sum(right[path].size for path in long) >= FITTED
    if far <= EQUAL and abs(factor - 1) > OTHER:
        yield from ((keys, far) for keys in name_factor(factor, factors) if enough or keys != ("constant factor",))


def _by_known_factors(theirs, right, paths, factors, floor):
    """Yield (keys, difference) of each mistake that multiplies ``right``, where it is not the one that fits."""
    for key, mistake in MISTAKES.items():
        if mistake.factor in factors:
            value = factors[mistake.factor]
            exact = max(difference(theirs[path], value * right[path], floor) for path in paths)
            if exact > EQUAL:
                yield (key,), exact


def added_decay(theirs: Arrays, right: Arrays, arrays: Arrays, paths: list[Path]) -> float | None:
    """Return the factor of the parameters that is in their gradients and not in the right ones, or None."""
    found = []
    for path in paths:
        length = float(np.sum(arrays[path]**2))
        rest = theirs[path] - right[path]
        factor = float(np.sum(rest * arrays[path]) / length) if length else 0.0
        found.append(factor)
        if difference(rest, factor * arrays[path]) > 10 * EQUAL or abs(factor - found[0]) > 1e-4 * abs(found[0]):
            return None
    return found[0] if found and found[0] and sum(arrays[path].size for path in paths) >= FITTED else None


def _pass(known: Recognised, arrays: Arrays, samples: Samples) -> tuple:
    """Return our network with their numbers, its trace and the targets."""
    network = known.network(arrays, len(samples))
    trace = forward(network, known.rows(samples))
    return network, trace, targets_of(samples, trace.outputs.shape[1])


def _layers(mistake: Mistake, network: CodeNetwork) -> range:
    """Return the layers in which a mistake can be made by itself."""
    if {"targets", "output delta"} & set(mistake.changes):
        return range(0)
    hidden = {"slope", "mask", "error"} & set(mistake.changes)
    return range(len(network.activations) if hidden else len(network.weights))


def _fitting(mistake: Mistake, network: CodeNetwork) -> dict:
    """Return the changed rules, which leave layers of other activations as they are."""
    def in_own(name, rule):
        return lambda at: (rule if name != "slope" or network.activations[at.layer] in mistake.activations else
                           RULES[name])(at)

    return {name: in_own(name, rule) if mistake.activations else rule for name, rule in mistake.changes.items()}
