"""Tables as people have them: each layout is read as it is meant, or refused in one line that says what it is."""

import contextlib
import gzip
import io
import pickle
import warnings

import numpy as np
import pytest
from PIL import Image

from neuralscope.data_loader import load
from neuralscope.datasets.array_pairs import read_npz
from neuralscope.errors import InputError
from tests.helpers.table_files import PIXEL_NAMES, content_of, expected, write_table

COUNT = 30
WORDS = np.array(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
ONE_HOT_NAMES = [f"digit_{number}" for number in range(10)]


@pytest.fixture(scope="module")
def pixels(embedded):
    """Return (COUNT, 784) uint8, sorted by class as many tables are."""
    return embedded.train.pixels[:COUNT][np.argsort(embedded.train.labels[:COUNT], kind="stable")]


@pytest.fixture(scope="module")
def labels(embedded):
    """Return (COUNT,) of 0 to 9."""
    return np.sort(embedded.train.labels[:COUNT])


def quoted(names):
    return [f'"{name}"' for name in names]


# By what the file is called: what is written with `write_table` of pixels (n, 784) and labels (n,).
TEXT_LAYOUTS = {
    "first.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES]),
    "last.csv": lambda x, y: ([*x.T, y], [*PIXEL_NAMES, "class"]),
    "capitals in the middle.csv": lambda x, y: (
        [*x.T[:300], y, *x.T[300:]], [*PIXEL_NAMES[:300], " Digit", *PIXEL_NAMES[300:]]),
    "quoted.csv": lambda x, y: ([*x.T, y], [*quoted(PIXEL_NAMES), '"Target"']),
    "quoted numbers.csv": lambda x, y: ([quoted(y), *x.T], ["y", *PIXEL_NAMES]),
    "no header, last.csv": lambda x, y: ([*x.T, y],),
    "no header, first.csv": lambda x, y: ([y, *x.T],),
    "no name, from 1.csv": lambda x, y: ([y + 1, *x.T],),
    "semicolons.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], ";"),
    "decimal commas.csv": lambda x, y: (
        [y, *([f"{value / 255:.6f}".replace(".", ",") for value in column] for column in x.T)],
        ["label", *PIXEL_NAMES], ";"),
    "tabs.tsv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], "\t"),
    "bars.txt": lambda x, y: ([y, *x.T], None, "|"),
    "spaces.txt": lambda x, y: ([y, *x.T], None, "  "),
    "commas and spaces.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], ", "),
    "carriage returns.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], ",", "\r"),
    "crlf.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], ",", "\r\n"),
    "utf-16.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], "\t", "\r\n", "utf-16"),
    "utf-8 with a mark.csv": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES], ",", "\n", "utf-8-sig"),
    "gzipped.csv.gz": lambda x, y: ([y, *x.T], ["label", *PIXEL_NAMES]),
    "index.csv": lambda x, y: ([np.arange(COUNT), y, *x.T], ["", "label", *PIXEL_NAMES]),
    "shuffled index.csv": lambda x, y: ([np.arange(COUNT)[::-1], *x.T, y], ["Unnamed: 0", *PIXEL_NAMES, "label"]),
    "index from 1, as R writes it.csv": lambda x, y: (
        [quoted(np.arange(COUNT) + 1), y, *x.T], [*quoted(["label", *PIXEL_NAMES])]),
    "numbered columns.csv": lambda x, y: ([*x.T, y], [*map(str, range(784)), "label"]),
    "numbered columns and no name.csv": lambda x, y: ([*x.T, y], [*map(str, range(785))]),
    "one-hot, last.csv": lambda x, y: ([*x.T, *np.eye(10, dtype=int)[y].T],),
    "one-hot, first.csv": lambda x, y: ([*np.eye(10, dtype=int)[y].T, *x.T], [*ONE_HOT_NAMES, *PIXEL_NAMES]),
    "with points.csv": lambda x, y: ([y.astype(float), *x.T.astype(float)], ["label", *PIXEL_NAMES]),
    "fractions.csv": lambda x, y: ([y, *(x / 255).T], ["label", *PIXEL_NAMES]),
    "from -1 to 1.csv": lambda x, y: ([y, *(x / 127.5 - 1).T], ["label", *PIXEL_NAMES]),
}


@pytest.mark.parametrize("name", TEXT_LAYOUTS)
def test_text_is_read_as_it_is_meant(tmp_path, pixels, labels, name):
    columns, *how = TEXT_LAYOUTS[name](pixels, labels)
    dataset = load(write_table(tmp_path / name, columns, *how))
    assert content_of(dataset) == expected(pixels, labels + ("from 1" in name and "R" not in name))
    assert dataset.source == "a CSV file"
    assert len(dataset.test) == round(COUNT / 6)
    guessed = "the last column is" if "last" in name or "numbered columns and" in name else "the first column is"
    named = how and how[0] and "numbered columns and" not in name
    assert dataset.notice.startswith(guessed) == (not named and "one-hot" not in name)
    assert ("columns are taken for the label" in dataset.notice) == ("one-hot" in name)
    assert ("-1 is taken for black" in dataset.notice) == ("from -1" in name)


@pytest.mark.parametrize("names", [None, ["label", *PIXEL_NAMES]])
def test_labels_may_be_words(tmp_path, pixels, labels, names):
    dataset = load(write_table(tmp_path / "words.csv", [WORDS[labels], *pixels.T], names))
    assert content_of(dataset) == expected(pixels, WORDS[labels])
    assert list(dataset.class_names) == sorted(set(WORDS[labels]))


def test_labels_may_be_numbers_and_words(tmp_path, pixels, labels):
    mixed = np.where(labels < 5, labels.astype(str), WORDS[labels])
    mixed[-1] = "a, b"
    dataset = load(write_table(tmp_path / "mixed.csv", [*pixels.T, [f"'{word}'" for word in mixed]],
                               [*PIXEL_NAMES, "label"], "\t"))
    assert dataset.class_names[0].startswith("'0")
    mixed[-1] = mixed[-2]
    dataset = load(write_table(tmp_path / "mixed.csv", [*pixels.T, mixed], [*PIXEL_NAMES, "label"]))
    assert content_of(dataset) == expected(pixels, mixed)
    assert dataset.class_names == ("0", "1", "2", "3", "4", "eight", "five", "nine", "seven", "six")


def test_a_quoted_word_may_hold_the_separator(tmp_path, pixels, labels):
    words = [f'"{word}, or so"' for word in WORDS[labels]]
    dataset = load(write_table(tmp_path / "quoted.csv", [words, *pixels.T], ["label", *PIXEL_NAMES]))
    assert "zero, or so" in dataset.class_names


def test_pixels_that_are_only_0_and_1_are_black_and_white(tmp_path, pixels, labels):
    binary = (pixels > 99).astype(np.uint8)
    dataset = load(write_table(tmp_path / "binary.csv", [labels, *binary.T], ["label", *PIXEL_NAMES]))
    assert content_of(dataset) == expected(binary * 255, labels)
    assert "pixels are only 0 and 1: 1 is taken for white" in dataset.notice
    sixteenths = np.rint(pixels / 255 * 16).astype(np.uint8)
    dataset = load(write_table(tmp_path / "sixteenths.csv", [labels, *sixteenths.T], ["label", *PIXEL_NAMES]))
    assert content_of(dataset) == expected(np.rint(sixteenths * np.float32(255 / 16)).astype(np.uint8), labels)
    assert "pixels go only from 0 to 16: 16 is taken for white" in dataset.notice


def png(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels.reshape(28, 28)).save(stream, "png")
    return stream.getvalue()


def write_arff(path, x, y, quote="'"):
    lines = ["% of Weka", "@RELATION 'some digits'", *(f"@attribute {name} NUMERIC" for name in PIXEL_NAMES),
             "@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}", "", "@DATA", "% rows"]
    path.write_text("\n".join(lines + [",".join(map(str, [*row, f"{quote}{label}{quote}"]))
                                       for row, label in zip(x, y, strict=True)]) + "\n")


def write_parquet(path, columns):
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table(columns), path)


# By what the file is called: how it is written.
BINARY_LAYOUTS = {
    "keras.npz": lambda path, x, y: np.savez(path, x_train=x[4:].reshape(-1, 28, 28), y_train=y[4:],
                                             x_test=x[:4].reshape(-1, 28, 28), y_test=y[:4]),
    "medical.npz": lambda path, x, y: np.savez(
        path, train_images=x.reshape(-1, 28, 28, 1), train_labels=y[:, None], val_images=x[:9], val_labels=y[:9]),
    "one.npz": lambda path, x, y: np.savez_compressed(path, X=x / 255, y=WORDS[y]),
    "one-hot.npz": lambda path, x, y: np.savez(path, data=x, target=np.eye(10)[y]),
    "table.npy": lambda path, x, y: np.save(path, np.column_stack([x, y])),
    "weka.arff": write_arff,
    "openml.arff": lambda path, x, y: write_arff(path, x, y, ""),
    "columns.parquet": lambda path, x, y: write_parquet(path, dict(zip(PIXEL_NAMES, x.T, strict=True)) | {"class": y}),
    "lists.parquet": lambda path, x, y: write_parquet(
        path, {"image": x.reshape(-1, 28, 28).tolist(), "label": WORDS[y]}),
    "pictures.parquet": lambda path, x, y: write_parquet(
        path, {"image": [{"bytes": png(row), "path": None} for row in x], "label": y}),
}


@pytest.mark.parametrize("name", BINARY_LAYOUTS)
def test_other_files_are_read_as_they_are_meant(tmp_path, pixels, labels, name):
    BINARY_LAYOUTS[name](tmp_path / name, pixels, labels)
    dataset = load(tmp_path / name)
    words = WORDS[labels] if name in ("one.npz", "lists.parquet") else labels
    assert content_of(dataset) == expected(pixels, words)
    assert len(dataset.test) == (4 if name == "keras.npz" else round(COUNT / 6))
    assert dataset.split.kind == ("test file" if name == "keras.npz" else "stratified")


def test_the_validation_part_of_an_archive_is_neither_other_part(tmp_path, pixels, labels):
    BINARY_LAYOUTS["medical.npz"](tmp_path / "medical.npz", pixels, labels)
    assert read_npz(tmp_path / "medical.npz").keys() == {"train"}


def refusal(path, **options):
    with pytest.raises(InputError) as caught:
        assert load(path, **options).train is None
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_what_is_not_certain_is_refused_and_says_so(tmp_path, pixels, labels):
    path = tmp_path / "table.csv"
    for columns, names, words in (
        ([labels, *pixels.T[1:], labels], None, "no names above its columns, and the first and the last column both"),
        ([*pixels.T, np.zeros(COUNT, int)], None, "neither the first nor the last column holds what only labels can"),
        ([*pixels.T, np.arange(COUNT)], None, "neither the first nor the last"),  # an index, and no labels
        ([*pixels.T, labels * 2], None, "neither the first nor the last"),  # a gap
        ([*pixels.T, labels / 2], None, "neither the first nor the last"),
        ([labels, *(pixels.T > 99).astype(int)], ["a", *PIXEL_NAMES], "the first column is taken for the label ('a'"),
        ([labels // 5, *(pixels.T > 99).astype(int)], None, "neither the first nor the last"),  # as its pixels are
        ([labels, *pixels.T, labels], ["label", *PIXEL_NAMES, "class"], "2 columns that may be the labels: label, cl"),
        ([labels, labels, *pixels.T], ["", "label", *PIXEL_NAMES], "has 785 columns beside the labels in 'label'"),
        ([np.arange(COUNT), labels, *pixels.T], None, "786 values where 784 pixels of 28x28 were expected, with or"),
        ([labels, *pixels.T[:64]], ["label", *PIXEL_NAMES[:64]], "has 64 columns beside the labels in 'label', and"),
    ):
        write_table(path, columns, names)
        if "is taken" in words:
            assert words in load(path).notice
        else:
            line = refusal(path)
            assert line.startswith(f"{path}: ")
            assert words in line
            assert "--label-column" in line or "leave out what is n" in line


def test_a_label_column_that_is_named_is_the_one(tmp_path, pixels, labels):
    path = write_table(tmp_path / "table.csv", [labels, *pixels.T[:-1], labels, pixels.T[-1]],
                       ["label", *PIXEL_NAMES[:-1], "Class", PIXEL_NAMES[-1]])
    for name in ("Class", "class", "785", "-2"):
        dataset = load(path, label_column=name)
        assert content_of(dataset) == expected(pixels, labels)
    assert "has no column 'klass', but 'label' to 'pixel783'" in refusal(path, label_column="klass")
    assert "a number from 1 to 786 (-1 for the last)" in refusal(path, label_column="0")
    path = write_table(path, [*pixels.T, labels])
    assert "every label is 0" in refusal(path, label_column="1")
    assert "label-column" in refusal("digits", label_column="1")


def test_labels_that_are_all_alike_are_refused(tmp_path, pixels):
    path = write_table(tmp_path / "table.csv", [np.full(COUNT, 3), *pixels.T], ["label", *PIXEL_NAMES])
    assert "every label is 3, so there is nothing to tell apart" in refusal(path)


def test_labels_that_are_none_are_refused(tmp_path, pixels, labels):
    for column, words in ((labels + 0.5, "line 2: label 0.5 in 'label' is no whole number"),
                          (np.where(np.arange(COUNT) == 7, "", labels.astype(str)), "line 9: the label is empty"),
                          (np.where(np.arange(COUNT) == 7, "x5", labels.astype(str)), "line 9: 'x5' is not a number")):
        path = write_table(tmp_path / "table.csv", [column, *pixels.T], ["label", *PIXEL_NAMES])
        assert words in refusal(path)


def test_other_separators_and_archives_are_named(tmp_path, pixels, labels):
    path = write_table(tmp_path / "table.csv", [labels, *pixels.T], ["label", *PIXEL_NAMES], ":")
    assert "columns are separated by ':', which is not read" in refusal(path)
    for magic, words in ((b"PK\3\4", "a ZIP archive"), (b"BZh9", "packed by bzip2")):
        path.write_bytes(magic + bytes(100))
        assert words in refusal(path)
    path = write_table(tmp_path / "table.csv.gz", [labels, *pixels.T])
    path.write_bytes(path.read_bytes()[:-200])
    assert "is damaged or truncated" in refusal(path)


def test_pickles_are_refused_by_name_and_by_content_with_the_lines_that_convert_them(tmp_path, pixels, labels,
                                                                                     monkeypatch):
    monkeypatch.chdir(tmp_path)
    pair = pixels / 255, labels
    (tmp_path / "mnist.pkl.gz").write_bytes(gzip.compress(pickle.dumps((pair, pair, pair))))
    (tmp_path / "mnist.csv").write_bytes(pickle.dumps((pair, pair, pair)))
    for name in ("mnist.pkl.gz", "mnist.csv"):
        line = refusal(tmp_path / name)
        assert "is a pickle, which can run any program when it is read" in line
        remedy = line.split("convert it in Python: ")[1]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # two lines have no room to close a file
            exec(f"import gzip, numpy, pickle; {remedy}", {})
        assert content_of(load(tmp_path / "mnist.npz")) == expected([*pixels, *pixels], [*labels, *labels])


def test_objects_in_arrays_are_refused(tmp_path, pixels, labels, monkeypatch):
    monkeypatch.chdir(tmp_path)
    objects = np.empty(COUNT, object)
    objects[:] = list(pixels)
    np.save(tmp_path / "objects.npy", objects)
    line = refusal(tmp_path / "objects.npy")
    assert "is a pickle of objects" in line
    exec(f"import numpy; {line.split('convert it in Python: ')[1]}", {})
    assert not load(tmp_path / "objects.npy").test.has_labels
    np.savez(tmp_path / "objects.npz", x=objects, y=labels)
    assert "a pickle of objects" in refusal(tmp_path / "objects.npz")


@pytest.mark.parametrize(("name", "content", "words"), [
    ("none.arff", "@relation x\n", "has no line @data"),
    ("names.arff", "@relation x\n@data\n1,2\n", "has no line @attribute"),
    ("sparse.arff", "@relation x\n@attribute a numeric\n@data\n{0 1}\n", "line 4: is sparse ARFF, which is not read"),
    ("wrong.arff", "@relation x\n@attribute a\n@data\n1\n", "line 2: is no @attribute"),
    ("short.arff", "@relation x\n@attribute a real\n@data\n1,2\n", "line 4: 2 values where 1 were expected"),
    ("text.npz", "no archive", "is damaged"),
    ("text.parquet", "no archive", "is damaged or no parquet file"),
    ("other.unknown", "1,2", "there is no data set"),
])
def test_what_is_not_what_its_name_says_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    assert words in refusal(tmp_path / name)


def test_without_pyarrow_a_line_says_how_to_get_it(tmp_path, monkeypatch):
    (tmp_path / "digits.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    line = refusal(tmp_path / "digits.parquet")
    assert "pyarrow reads, and that is missing; install it: python -m pip install" in line


def test_arrays_that_do_not_belong_together_are_refused(tmp_path, pixels, labels):
    for arrays, words in (({"x": pixels, "y": labels[1:]}, "29 labels to 30 pictures"),
                          ({"x": pixels[:, :64], "y": labels}, "pictures of 64 values"),
                          ({"a": pixels}, "holds no arrays of pictures by their names"),
                          ({"x": pixels, "y": np.column_stack([labels, labels])}, "the labels are in 2 columns")):
        np.savez(tmp_path / "digits.npz", **arrays)
        assert words in refusal(tmp_path / "digits.npz")


def test_a_table_without_labels_is_pictures_alone(tmp_path, pixels):
    path = write_table(tmp_path / "table.csv", pixels.T, PIXEL_NAMES)
    dataset = load(path)
    assert not dataset.test.has_labels
    assert set(dataset.test.labels) == {-1}
    np.testing.assert_array_equal(dataset.test.pixels, pixels)
    assert "table.csv has no labels" in dataset.notice
    assert "has no labels to learn from" in refusal(path)
    assert dataset.with_classes(("a", "b")).class_names == ("a", "b")


@pytest.mark.parametrize("name", ["first.csv", "quoted.csv", "utf-16.csv", "gzipped.csv.gz", "keras.npz", "table.npy",
                                  "weka.arff", "pictures.parquet"])
def test_damage_is_told_in_a_line(tmp_path, pixels, labels, name):
    """Whatever bytes are changed, something is read or refused; nothing else is raised."""
    path, rng = tmp_path / name, np.random.default_rng(0)
    if name in TEXT_LAYOUTS:
        columns, *how = TEXT_LAYOUTS[name](pixels[::4], labels[::4])
        write_table(path, columns, *how)
    else:
        BINARY_LAYOUTS[name](path, pixels[::4], labels[::4])
    content = path.read_bytes()
    for _ in range(15):
        start, length = rng.integers(len(content)), rng.integers(1, 40)
        other = content[:start] + rng.bytes(rng.integers(40)) + content[start + length:]
        path.write_bytes(other[:rng.integers(len(other))] if rng.random() < 0.3 else other)
        with contextlib.suppress(InputError):
            load(path).test.images.sum()


@pytest.mark.parametrize("with_labels", [True, False])
def test_ink_that_is_dark_on_paper_is_turned_light_and_said(tmp_path, pixels, labels, with_labels):
    columns = [labels, *(255 - pixels).T] if with_labels else [*(255 - pixels).T]
    path = tmp_path / "paper.csv"
    write_table(path, columns, ["label", *PIXEL_NAMES] if with_labels else PIXEL_NAMES)
    digits = load(str(path))
    assert "its ink is dark on light paper: all its pixels are inverted" in digits.notice
    parts = [digits.train, digits.test] if with_labels else [digits.test]
    found = np.concatenate([part.pixels for part in parts])
    assert sorted(map(bytes, found)) == sorted(map(bytes, pixels))


def test_few_dark_pictures_among_light_ones_stay_as_they_are(tmp_path, pixels, labels):
    pixels = pixels.copy()
    pixels[:COUNT // 3] = 255 - pixels[:COUNT // 3]
    path = tmp_path / "mixed.csv"
    write_table(path, [labels, *pixels.T], ["label", *PIXEL_NAMES])
    digits = load(str(path))
    assert "inverted" not in digits.notice
    found = np.concatenate([digits.train.pixels, digits.test.pixels])
    assert sorted(map(bytes, found)) == sorted(map(bytes, pixels))
