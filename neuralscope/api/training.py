"""Training in a line of Python: a network of one's own pictures or measurements, and how it came about."""

import dataclasses
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from neuralscope.array_data import dataset_from_arrays
from neuralscope.cli import limit_threads
from neuralscope.data_loader import Dataset, Digits
from neuralscope.datasets.split import TEST_SHARE
from neuralscope.errors import InputError, print_line, sentence
from neuralscope.formatting import counted
from neuralscope.images.pixels import to_unit_range
from neuralscope.network import trainer as trainers
from neuralscope.network.inputs import INPUT_SCALES, PLAIN_SCALE, InputScale
from neuralscope.network.model import Layer, Network
from neuralscope.network.options import OptionError, TrainingOptions
from neuralscope.network.trainer import Trainer

# What a call does where nothing is given: enough steps for any count of rows, in seconds.
DEFAULT_STEPS, MOST_EPOCHS, FEWEST_EPOCHS = 3000, 300, 5
BATCHES_PER_EPOCH = 10  # at least, where there are few rows
FIGURES = ("loss", "train_accuracy", "test_loss", "test_accuracy", "validation_accuracy", "seconds")
OPEN_OPTIONS = {"epochs": None, "batch_size": None, "augment": "none"}  # by name, where they are not the program's
TABLE_SCALE = "each input by its mean and deviation"


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class History:
    """How a network came about: ``options``, TrainingOptions; ``figures``, name -> (epochs,) float64, one an epoch.

    The names are EpochReport's: ``loss`` and ``train_accuracy`` as it learned, ``test_loss``, ``test_accuracy`` and,
    where rows were held back, ``validation_accuracy``; ``seconds``. Accuracies are 0 to 1. ``history["loss"]`` is short
    for ``history.figures["loss"]``. ``dataset``: what it learned from, None
    of an estimator's. ``scale``: how its inputs were brought to it,
    which is folded into the network. ``notice``: what was assumed, in a line.
    """

    options: TrainingOptions
    figures: dict[str, np.ndarray]
    dataset: Dataset | None
    scale: InputScale
    notice: str

    def __getitem__(self, name: str) -> np.ndarray:
        return self.figures[name]

    def __repr__(self) -> str:
        """Return the last figures in a line."""
        last = {name: values[-1] for name, values in self.figures.items()}
        accuracies = ", ".join(f"{name.removesuffix('_accuracy')} {value:.2%}" for name, value in last.items()
                               if name.endswith("_accuracy"))
        of = f" of {counted(len(self.dataset.test), 'row')}" if self.dataset else ""
        return (f"History({counted(self.options.epochs, 'epoch')} in {self['seconds'].sum():.1f} s: loss "
                f"{last['loss']:.4f}; accuracy: {accuracies}{of})")


class Training(NamedTuple):
    """What ``train`` returns: ``network, history = neuralscope.train(X, y)``."""

    network: Network
    history: History


def train(X: Any, y: Any, X_test: Any = None, y_test: Any = None, *, class_names: Sequence[Any] | None = None,  # noqa: N803
          image_shape: tuple[int, int] | None = None, feature_names: Sequence[str] | None = None,
          test_share: float = TEST_SHARE, threads: int = 1, progress: bool = True, **options: Any) -> Training:
    """Return ``network, history`` of a training on X and y, which are as `dataset_from_arrays` takes them.

    The network reads pictures as ink of 0 to 1 and measurements as they are: these are standardised by the mean and
    deviation of the training rows, which is folded into its first layer. ``threads``: of BLAS, while it learns.
    ``progress``: whether a bar shows it, and a line what was assumed. All options of TrainingOptions go by keyword;
    other than there, ``augment`` is "none", and where they are not given ``batch_size`` is a tenth of the rows, 128 at
    most, and there are as many ``epochs`` as 3,000 steps take, 5 to 300. ``validation`` rows are drawn by ``seed``.
    Raises InputError, of which DivergenceError is one.
    """
    if y is None:
        raise InputError("there are no labels to learn from", "give y")
    if not (isinstance(threads, int) and threads > 0):
        raise InputError(f"threads is {threads!r}", "choose a whole number of at least 1")
    data = dataset_from_arrays(X, y, X_test, y_test, class_names=class_names, image_shape=image_shape,
                               feature_names=feature_names, test_share=test_share, seed=options.get("seed", 0))
    if len(data.class_names) < 2:
        raise InputError(f"all of y is {data.class_names[0]}, and a network tells classes apart",
                         "give rows of two classes or more")
    with options_by_keyword():
        chosen = fitting_options(options, len(data.train))
        chosen.check_data(len(data.train), data.train.pixels.shape[1], len(data.class_names))
    said = []
    if chosen.validation:
        said.append(f"{counted(chosen.validation, 'row')} of those to learn from are held back")
    if data.image_shape is None:
        said.append("inputs are standardised by their mean and deviation, folded into the first layer")
    said.append(f"{counted(chosen.epochs, 'epoch')} in batches of {chosen.batch_size}")
    notice = sentence(data.notice, *said)
    return learn(data, chosen, notice, threads, progress)


@contextmanager
def options_by_keyword() -> Iterator[None]:
    """Raise InputErrors that name a keyword in place of OptionErrors, which name the command line's option."""
    try:
        yield
    except OptionError as error:
        raise InputError(f"{error.option} is {error.value!r}", error.text(str), joint=": ") from None


def fitting_options(given: dict[str, Any], count: int) -> TrainingOptions:
    """Return the TrainingOptions that are given, and for ``count`` training rows what else fits; raises InputError."""
    known = {field.name for field in dataclasses.fields(TrainingOptions)}
    if strangers := [name for name in given if name not in known]:
        raise InputError(f"there is no option {strangers[0]!r}", f"options are {', '.join(sorted(known))}")
    given = {name: value for name, value in given.items() if value is not None}
    chosen = TrainingOptions(**({"augment": OPEN_OPTIONS["augment"]} | given))
    left = max(count - chosen.validation, 1)
    if "batch_size" not in given:
        chosen = dataclasses.replace(chosen, batch_size=max(1, min(chosen.batch_size, left // BATCHES_PER_EPOCH)))
    if "epochs" not in given:
        steps = -(-left // (chosen.batch_size or left))
        epochs = min(max(-(-DEFAULT_STEPS // steps), FEWEST_EPOCHS), MOST_EPOCHS)
        chosen = dataclasses.replace(chosen, epochs=epochs)
    return chosen


def learn(data: Dataset, options: TrainingOptions, notice: str, threads: int = 1, progress: bool = False) -> Training:
    """Return the Training of a Dataset with these options; raises InputError."""
    train_part, test, scale = scaled_parts(data, options)
    rng = np.random.default_rng(options.seed)
    network = options.network(train_part.pixels.shape[1], len(data.class_names), rng)
    with limit_threads(threads):
        trainer = Trainer(network, train_part, test, options, rng)
        reports = list(with_progress(trainers.train(trainer), options.epochs, notice, progress))
    figures = {name: np.array([getattr(report, name) for report in reports], float) for name in FIGURES
               if getattr(reports[-1], name) is not None}
    return Training(folded(reports[-1].network, scale), History(options, figures, data, scale, notice))


def scaled_parts(data: Dataset, options: TrainingOptions) -> tuple[Digits, Digits, InputScale]:
    """Return the training part, the test part, and the scale on which both are: the inputs' own of pictures.

    The rows to hold back are the last ones, so the training part's are shuffled where some are.
    """
    pixels, labels = data.train.pixels, data.train.labels
    if options.validation:
        order = np.random.default_rng(options.seed).permutation(len(labels))
        pixels, labels = pixels[order], labels[order]
    if data.image_shape is not None:
        return Digits(pixels, labels), data.test, INPUT_SCALES[PLAIN_SCALE](pixels)
    scale = INPUT_SCALES[TABLE_SCALE](pixels.astype(np.float64))
    train_part, test = (Digits(scale.apply(to_unit_range(values)).astype(np.float32), places)
                        for values, places in ((pixels, labels), (data.test.pixels, data.test.labels)))
    return train_part, test, scale


def folded(network: Network, scale: InputScale) -> Network:
    """Return the network that answers to inputs what this one answers to them on a scale: float32."""
    first = network.layers[0]
    weights, biases = scale.fold(first.weights, first.biases)
    layer = Layer(weights.astype(np.float32), biases.astype(np.float32), first.activation)
    return Network((layer, *network.layers[1:]))


def with_progress(reports: Any, epochs: int, notice: str, shown: bool) -> Any:
    """Yield reports, with a bar of whatever kind the place has, and the notice first, where it is to be shown."""
    if not shown:
        yield from reports
        return
    with warnings.catch_warnings():  # without ipywidgets the bar is of text, of which it warns
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm

    print_line(f"neuralscope: {notice}", file=sys.stderr, flush=True)
    with tqdm(total=epochs, unit="epoch") as bar:
        for report in reports:
            bar.set_postfix_str(f"loss {report.loss:.4f}, test {report.test_accuracy:.2%}", refresh=False)
            bar.update()
            yield report


def with_option_keywords(function: Callable) -> None:
    """Let a function's signature name every training option in place of ``**options``, for help and editors."""
    signature = inspect.signature(function)
    kept = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    fields = [inspect.Parameter(field.name, inspect.Parameter.KEYWORD_ONLY,
                                default=OPEN_OPTIONS.get(field.name, field.default), annotation=field.type)
              for field in dataclasses.fields(TrainingOptions)]
    function.__signature__ = signature.replace(parameters=[*kept, *fields])  # type: ignore[attr-defined]


with_option_keywords(train)
