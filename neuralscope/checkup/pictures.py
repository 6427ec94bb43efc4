"""Whether pictures come the right way round, and in the scale that the network learned."""

from collections.abc import Callable
from functools import partial

import numpy as np

from neuralscope.checkup.folded import NOTHING_FOLDED
from neuralscope.checkup.layer_statistics import bend
from neuralscope.checkup.outcome import Outcome
from neuralscope.checkup.renaming import found_renaming, without_last_biases
from neuralscope.checkup.statistics import interval_text, is_better, is_clear, right_share
from neuralscope.checkup.study import SAMPLE_IMAGES, Steps, Study, spread
from neuralscope.errors import InputError
from neuralscope.formatting import counted, plain, short_size, thousands
from neuralscope.network.evaluation import rename_answers
from neuralscope.network.inputs import INPUT_SCALES, InputScale

AS_THEY_ARE = "as they are"
WAYS: dict[str, Callable[[np.ndarray], np.ndarray]] = {  # by name: what it makes of pictures (n, height, width)
    AS_THEY_ARE: lambda pictures: pictures,
    "mirrored": lambda pictures: pictures[:, :, ::-1],
    "upside down": lambda pictures: pictures[:, ::-1],
    "transposed": lambda pictures: pictures.swapaxes(1, 2),
    "inverted": lambda pictures: 1 - pictures,
}
CAUSES = {"inverted": "it was trained on dark ink", "transposed": "it was trained on transposed pictures",
          "mirrored": "it was trained on mirrored pictures", "upside down": "it was trained on pictures upside down"}
REMEDIES = {"inverted": "give it 1 - ink", "transposed": "give it each picture's .T",
            "mirrored": "mirror the pictures", "upside down": "turn the rows round"}
LESS_LOSS = 0.5  # of the mean loss: outputs that are right as often were learned in the scale that has less
LOSS_ERRORS = 3  # standard errors between two mean losses
WIDE_SUMS = 10  # times the bend of an activation: sums of such a deviation leave next to nothing of its slope


def turned(way: str, shape: tuple[int, int], images: np.ndarray) -> np.ndarray:
    """Return images (n, inputs) turned a way of WAYS."""
    return np.ascontiguousarray(WAYS[way](images.reshape(-1, *shape)).reshape(len(images), -1))


def right_way_round(study: Study) -> Steps:
    """Read some pictures each way round; mended where another is clearly better."""
    shape = study.data.image_shape
    if shape is None:
        return Outcome(None, "", "its inputs are no pictures")
    if not study.data.knows_ink:
        return Outcome(None, "", "inputs are not ink of 0 to 1 or 0 to 255, so nothing can be inverted")
    ways = {way: study.with_mended(turn=partial(turned, way, shape)) for way in WAYS
            if way != "transposed" or shape[0] == shape[1]}
    right, renamed = yield from readings(study, ways)
    best = best_of(right, study.labels[study.sample], AS_THEY_ARE)
    rest = {way: right_share(each) for way, each in right.items() if way not in (best, AS_THEY_ARE)}
    note = "with its answers renamed " if renamed else ""
    turned_back = study.folded.transposed
    others = ", ".join(f"{'not ' if turned_back and way == 'transposed' else ''}{way} {figure}"
                       for way, figure in rest.items())
    details = accuracy_details(right)
    said = f"of {counted(len(study.sample), 'picture')}"
    if best == AS_THEY_ARE:
        figure, words = (("transposed, folded in", "as it learned: transposed, folded in") if turned_back
                         else (best, best))
        words = f"{note}{right_share(right[best])} {said} {words}; {others}"
        other = right.get("transposed")
        if "transposed" in study.folded.undecided and other is not None and not (
                is_better(right[best], other) and is_clear(right[best], study.labels[study.sample])):
            return Outcome(None, figure, f"not decided: {words}", study.folded.remedy("transposed"), details)
        return Outcome(True, figure, words, details=details)
    gain = float(right[best].mean() - right[AS_THEY_ARE].mean())
    return Outcome(False, best, f"{note}{right_share(right[best])} of {best} pictures: {CAUSES[best]}; as they are "
                   f"{right_share(right[AS_THEY_ARE])}, {others}",
                   f"{REMEDIES[best]}: {right_share(right[best])} {said}, measured", details, gain, ways[best])


def input_scale(study: Study) -> Steps:
    """Read some images in each scale, and hold the first sums against where the activation bends."""
    sums = sums_text(study)
    yield
    if not study.data.knows_ink:
        return Outcome(None, "", f"inputs are not 0 to 1 or 0 to 255, so no other scale can be tried{sums}")
    if not study.data.test.has_labels:
        return Outcome(None, "", f"without labels no scale can be told from another{sums}")
    fed, labels = study.scale.name, study.labels[study.sample]
    is_folded = fed == study.folded.name != NOTHING_FOLDED.name
    scales = {name: study.with_mended(scale=scale) for name, scale in (yield from all_scales(study)).items()}
    right, renamed = yield from readings(study, scales)
    best = best_of(right, labels, fed)
    if best != fed and not (yield from is_scale_to_blame(study, right[best])):
        best = fed
    if best == fed and is_wide(study):
        best = narrow_scale(scales, right, fed)
    losses = {}
    if best == fed and not renamed and is_clear(right[fed], labels):
        losses = yield from mean_losses(study, {name: other for name, other in scales.items()
                                                if not is_better(right[fed], right[name])})
        best = surest(losses, fed)
    said = f"{'with its answers renamed ' * renamed}{right_share(right[fed])} of {thousands(len(labels))} as they are"
    details = accuracy_details(right) | {"losses": {name: float(each.mean()) for name, each in losses.items()}}
    if best != fed:
        gain = float(right[best].mean() - right[fed].mean())
        costs = (f"; mean loss {plain(float(losses[fed].mean()))}, and {plain(float(losses[best].mean()))}"
                 if best in losses else "")
        better = f"{best} may be meant: {study.folded.remedy('scale')}" if is_folded else (
            feeding_text(study.scale, scales[best].scale))
        return Outcome(False, fed, f"fed {fed}: {said}; {best}: {right_share(right[best])}{costs}{sums}",
                       f"{better}: {right_share(right[best])}, measured", details, gain, scales[best])
    if is_wide(study):
        return Outcome(False, fed, said + sums, "train it with inputs of 0 to 1, or of mean 0 and deviation 1", details)
    figure, words = (f"{fed}, folded in", f"{said}: {fed}, folded in") if is_folded else (fed, said)
    rivals = [name for name in scales if name != fed and not (
        is_better(right[fed], right[name]) and is_clear(right[fed], labels))]
    if "scale" in study.folded.undecided and rivals:
        return Outcome(None, figure, f"not decided: {words}; {rivals[0]}: {right_share(right[rivals[0]])}{sums}",
                       study.folded.remedy("scale"), details)
    return Outcome(True, figure, words + sums, details=details)


def mean_losses(study: Study, scales: dict[str, Study]) -> Steps:
    """Return the losses of the sampled images in each of some scales, by name."""
    images, labels, found = study.data.test.images[study.sample], study.labels[study.sample], {}
    for name, other in scales.items():
        found[name] = yield from other.losses(images, labels)
    return found


def surest(losses: dict[str, np.ndarray], fed: str) -> str:
    """Return the first scale of about the least mean loss, where that is far below that of the one fed; else that."""
    best = min(losses, key=lambda name: losses[name].mean())
    differences = losses[fed] - losses[best]
    error = differences.std() / len(differences) ** 0.5
    clearly = losses[best].mean() < LESS_LOSS * losses[fed].mean() and differences.mean() > LOSS_ERRORS * error
    near = (name for name in losses if LESS_LOSS * losses[name].mean() <= losses[best].mean())
    return next(near) if clearly else fed


def is_scale_to_blame(study: Study, right: np.ndarray) -> Steps:
    """Say whether another scale, that reads these rightly, does more than to outweigh the last biases."""
    rows = study.sample
    without = yield from without_last_biases(study).predict(study.data.test.images[rows])
    return is_better(right, without == study.labels[rows])


def narrow_scale(scales: dict[str, Study], right: dict[str, np.ndarray], fed: str) -> str:
    """Return the first scale of those that read as well as the one fed, and leave slope; else that one."""
    return next((name for name, other in scales.items() if not is_wide(other)
                 and not is_better(right[fed], right[name])), fed)


def first_sum_deviation(study: Study) -> float:
    """Return the standard deviation of the first layer's sums for the sampled images."""
    if "first sums" not in study.known:
        first = study.network.layers[0]
        images = study.inputs(study.data.test.images[study.sample])
        with np.errstate(over="ignore", invalid="ignore"):
            study.known["first sums"] = float(np.std(images @ first.weights + first.biases))
    return study.known["first sums"]


def is_wide(study: Study) -> bool:
    """Say whether the first sums lie far beyond the bend of a hidden layer that has one."""
    flat = bend(study.network.layers[0].activation) if len(study.network.layers) > 1 else None
    return flat is not None and first_sum_deviation(study) > WIDE_SUMS * flat


def sums_text(study: Study) -> str:
    """Say how wide the first sums are, and where their activation bends; "" without a hidden layer."""
    if len(study.network.layers) < 2:
        return ""
    activation = study.network.layers[0].activation
    flat = bend(activation)
    bends = "" if flat is None else f", and {activation} bends within ±{flat:.1f}"
    return f"; the first sums have deviation {short_size(first_sum_deviation(study), 2)}{bends}"


def all_scales(study: Study) -> Steps:
    """Return each scale of INPUT_SCALES by name, by training images, or without them by those at hand."""
    try:
        images = study.data.train.images
    except InputError:
        images = study.data.test.images
    yield
    images = images[spread(len(images), SAMPLE_IMAGES)]
    images = study.turn(images) if study.turn else images
    scales = {study.scale.name: study.scale}
    for name, make in INPUT_SCALES.items():
        if name not in scales:
            scales[name] = study.folded.instead(make(images), images)
        yield
    return scales


def readings(study: Study, others: dict[str, Study]) -> Steps:
    """Return which sampled images each of some studies reads rightly, by name, and whether answers were renamed.

    Where renaming brings most out of one of them they are all renamed, each its own way: so a wrong order of the
    labels hides no wrong scale.
    """
    images, labels, classes = study.data.test.images[study.sample], study.labels[study.sample], study.network.sizes[-1]
    predictions = {}
    for name, other in others.items():
        predictions[name] = yield from other.predict(images)
    right = {name: each == labels for name, each in predictions.items()}
    meanings = {name: found_renaming(each, labels, classes) for name, each in predictions.items()}
    yield
    renamed = {name: right[name] if (meaning := meanings[name]) is None else rename_answers(each, meaning) == labels
               for name, each in predictions.items()}
    if max(each.sum() for each in renamed.values()) <= max(each.sum() for each in right.values()):
        return right, False
    best_plain, best_renamed = (max(each.values(), key=np.sum) for each in (right, renamed))
    return (renamed, True) if is_better(best_renamed, best_plain) else (right, False)


def best_of(right: dict[str, np.ndarray], labels: np.ndarray, present: str) -> str:
    """Return the name of the best, where it reads clearly and better than the present one does; else the present.

    Of those that cannot be told from the best it is the first, which is the simplest.
    """
    best = max(right, key=lambda name: (int(right[name].sum()), name == present))
    if not (is_better(right[best], right[present]) and is_clear(right[best], labels)):
        return present
    return next(name for name in right if name != present and not is_better(right[best], right[name]))


def accuracy_details(right: dict[str, np.ndarray]) -> dict:
    """Return the details of shares that are right, by name."""
    return {"images": len(next(iter(right.values()))),
            "accuracies": {name: float(each.mean()) for name, each in right.items()},
            "intervals": {name: interval_text(each) for name, each in right.items()}}


def feeding_text(fed: InputScale, better: InputScale) -> str:
    """Say how inputs in one scale come into another."""
    if np.ndim(better.factor):
        return "take each input's mean off and divide by its deviation"
    ratio = float(better.factor / fed.factor)
    shift = float(better.shift - ratio * fed.shift)
    if ratio < 1 and not round(shift, 9):
        return f"divide the inputs by {plain(1 / ratio)}"
    added = f" {'-' if shift < 0 else '+'} {plain(abs(shift))}" if round(shift, 9) else ""
    return f"feed it inputs × {plain(ratio)}{added}"
