"""``python -m benchmarks.recipes [NAME ...]``: published recipes trained on all of MNIST, beside the published figures.

Prints rows of the table in benchmarks/README.md, one as soon as each training ends.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from neuralscope.cli import EXIT_DONE, Parser, limit_threads, run_program
from neuralscope.data_loader import Digits, load
from neuralscope.errors import InputError
from neuralscope.images.deskew import deskew_digits
from neuralscope.network import Trainer, TrainingOptions, evaluate, train, wilson_interval
from neuralscope.network.cli_options import option_words

TABLE_HEADER = "recipe | published | errors | accuracy | 95 % interval | epochs | seconds | options | how it differs"


def unchanged(images):
    """Return the images."""
    return images


def both_parts(data):
    """Return the Dataset's training part and test part."""
    return data.train, data.test


def through_csv(data):
    """Return both parts, written as CSV files in Kaggle's form and read again as the program reads such files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "digits.csv"
        write_digits_csv(data.train, path)
        write_digits_csv(data.test, path.with_name("digits_test.csv"))
        return both_parts(load(path))


def write_digits_csv(digits, path):
    """Write Digits as rows of a label and 784 whole numbers 0 to 255, below a header."""
    with open(path, "w", encoding="ascii") as file:
        print("label", *(f"pixel{number}" for number in range(784)), sep=",", file=file)
        for label, image in zip(digits.labels, digits.images, strict=True):
            print(label, *np.rint(image * 255).astype(np.uint8).tolist(), sep=",", file=file)


@dataclass(frozen=True)
class Recipe:
    """A published recipe: ``published`` is the error or accuracy that ``source`` gives, in words.

    ``differs``: what is not as in the source. ``prepare(images)`` makes the network's input, ``form(dataset)`` hands
    out the training part and the test part.
    """

    name: str
    source: str
    published: str
    options: TrainingOptions
    differs: str = ""
    prepare: Callable = unchanged
    form: Callable = both_parts


TUTORIAL_SOURCE = "tutorials, no author on record"
LECUN_SOURCE, SIMARD_SOURCE = "LeCun et al. 1998", "Simard, Steinkraus & Platt 2003"
SHAPE_ONLY_NOTE = "the source gives the shape alone; momentum SGD with a cosine schedule"
# Says everything, so that no recipe moves when a default of the program does.
PLAIN_OPTIONS = TrainingOptions(epochs=20, hidden=(128, 32), activation="relu", loss="cross-entropy", init="he",
                                optimizer="momentum", learning_rate=0.2, schedule="cosine", batch_size=128,
                                weight_decay=0.001, dropout=0.0, label_smoothing=0.0, augment="none", seed=0,
                                validation=0)
KAGGLE_OPTIONS = replace(
    PLAIN_OPTIONS,
    epochs=600,
    hidden=(100,),
    activation="sigmoid",
    loss="squared-error",
    init="normal",
    optimizer="sgd",
    learning_rate=2.0,
    schedule="constant",
    batch_size=0,
    weight_decay=0.0,
)
NIELSEN_100_OPTIONS = replace(
    PLAIN_OPTIONS,
    epochs=60,
    hidden=(100,),
    activation="sigmoid",
    optimizer="sgd",
    learning_rate=0.1,
    schedule="constant",
    batch_size=10,
    weight_decay=1e-4,
)
LECUN_300_OPTIONS = replace(
    PLAIN_OPTIONS,
    epochs=40,
    hidden=(300,),
    activation="tanh",
    loss="squared-error",
    optimizer="sgd",
    learning_rate=1.0,
    batch_size=32,
    weight_decay=0.0,
)
SIMARD_800_OPTIONS = replace(
    PLAIN_OPTIONS, epochs=25, hidden=(800,), optimizer="adam", learning_rate=0.002, weight_decay=0.0
)
RECIPES = (
    Recipe("relu-128-64", TUTORIAL_SOURCE, "97.3 % right", replace(PLAIN_OPTIONS, hidden=(128, 64)), SHAPE_ONLY_NOTE),
    *(
        Recipe(f"{name}-128-32", TUTORIAL_SOURCE, "no figure", replace(PLAIN_OPTIONS, activation=name), SHAPE_ONLY_NOTE)
        for name in ("relu", "leaky-relu", "sigmoid", "tanh")
    ),
    Recipe(
        "kaggle-100",
        TUTORIAL_SOURCE,
        "no figure",
        KAGGLE_OPTIONS,
        "MNIST's digits in Kaggle's CSV form; rate tuned",
        form=through_csv,
    ),
    Recipe(
        "relu-128",
        TUTORIAL_SOURCE,
        "94 to 97 % right",
        replace(PLAIN_OPTIONS, epochs=50, hidden=(128,)),
        SHAPE_ONLY_NOTE,
    ),
    Recipe(
        "nielsen-100",
        "Nielsen 2015, chapter 3",
        "98.04 % right",
        NIELSEN_100_OPTIONS,
        "softmax head and small first weights for sigmoid and large ones; 60,000 digits instead of 50,000; "
        "the source's figure is that of its validation digits",
    ),
    Recipe(
        "lecun-300",
        LECUN_SOURCE,
        "4.7 % wrong",
        LECUN_300_OPTIONS,
        "sigmoid outputs; rate tuned, falling by a cosine; batches of 32 instead of single digits",
    ),
    Recipe(
        "lecun-300-deskewed",
        LECUN_SOURCE,
        "1.6 % wrong",
        LECUN_300_OPTIONS,
        "as `lecun-300`, deskewed; the source's pictures are then 20 x 20",
        deskew_digits,
    ),
    *(
        Recipe(name, SIMARD_SOURCE, f"{published} % wrong", replace(SIMARD_800_OPTIONS, augment=augment), differs)
        for name, published, augment, differs in (
            ("simard-800", 1.6, "none", "Adam, cosine"),
            ("simard-800-affine", 1.1, "affine", "as `simard-800`, and the warps weaken at the end"),
            ("simard-800-elastic", 0.7, "elastic", "as `simard-800-affine`; affine warps on top of the elastic ones"),
        )
    ),
)


def train_recipe(recipe, data):
    """Train the recipe on a Dataset; return the Evaluation of its test part, each epoch's mean loss, and the seconds.

    Raises InputError where the data cannot be learned so.
    """
    train_part, test_part = (Digits(recipe.prepare(part.images), part.labels) for part in recipe.form(data))
    options, inputs, classes = recipe.options, train_part.images.shape[1], len(data.class_names)
    options.check_data(len(train_part), inputs, classes)
    rng = np.random.default_rng(options.seed)
    trainer = Trainer(options.network(inputs, classes, rng), train_part, test_part, options, rng)
    losses, seconds = [], 0.0
    for report in train(trainer):
        losses.append(report.loss)
        seconds += report.seconds
    return evaluate(trainer.network, test_part.images, test_part.labels), losses, seconds


def table_row(recipe, errors, count, seconds):
    """Return the row of README's table for a recipe that read ``errors`` of ``count`` test digits wrongly."""
    low, high = wilson_interval(count - errors, count)
    cells = (f"`{recipe.name}`", f"{recipe.published} ({recipe.source})", f"{errors:,} of {count:,}",
             f"{1 - errors / count:.2%}", f"{low:.2%} to {high:.2%}", recipe.options.epochs, f"{seconds:.0f}",
             f"`{options_text(recipe.options)}`", recipe.differs)
    return f"| {' | '.join(map(str, cells))} |"


def options_text(options):
    """Return what of TrainingOptions is not the default, as ``python -m neuralscope.network`` takes it."""
    usual = TrainingOptions(optimizer=options.optimizer)  # whose learning rate follows from it
    defaults = {field.name: getattr(usual if field.default is None else TrainingOptions(), field.name)
                for field in fields(options)}
    special = {name: getattr(options, name) for name, default in defaults.items() if getattr(options, name) != default}
    return " ".join(option_words(name, value) for name, value in special.items())


def build_parser():
    """Return the parser of the command line."""
    parser = Parser(prog="python -m benchmarks.recipes", description="Train published recipes on all of MNIST.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="recipes to train (default: all)")
    parser.add_argument("--list", action="store_true", help="train nothing: print the recipes")
    parser.add_argument("--epochs", type=int, metavar="N", help="epochs for each recipe instead of its own")
    return parser


def select_recipes(names, epochs):
    """Return the recipes of these names, or all; with ``epochs`` instead of their own if given. Raises InputError."""
    by_name = {recipe.name: recipe for recipe in RECIPES}
    for name in names:
        if name not in by_name:
            raise InputError(f"there is no recipe {name!r}; choose from {', '.join(by_name)}")
    recipes = [by_name[name] for name in names or by_name]
    if epochs is None:
        return recipes
    return [replace(recipe, options=replace(recipe.options, epochs=epochs)) for recipe in recipes]


def main(arguments=None):
    """Train what the command line names and print the rows; return the exit status. Raises InputError."""
    arguments = build_parser().parse_args(arguments)
    recipes = select_recipes(arguments.names, arguments.epochs)
    if arguments.list:
        for recipe in recipes:
            print(f"{recipe.name:20} {recipe.published} ({recipe.source})")
        return EXIT_DONE
    limit_threads(1)
    data = load("mnist")
    print(f"| {TABLE_HEADER} |\n|{'---|' * len(TABLE_HEADER.split(' | '))}", flush=True)
    for recipe in recipes:
        evaluation, _, seconds = train_recipe(recipe, data)
        print(table_row(recipe, evaluation.errors, evaluation.count, seconds), flush=True)
    return EXIT_DONE


if __name__ == "__main__":
    run_program(main)
