"""``python -m neuralscope.predict`` as a person meets it: lines, objects, rows, statuses, pipes."""

import gzip
import io
import json
import os
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from neuralscope import predictor
from neuralscope.datasets import image_files
from neuralscope.datasets.image_files import LoadedImage
from neuralscope.datasets.registry import CLASS_NAMES
from neuralscope.errors import InputError
from neuralscope.formatting import percent
from neuralscope.images import STEPS, as_digit, deskew_digits
from neuralscope.network import Network, save
from neuralscope.network.model import Layer
from neuralscope.predict import main
from neuralscope.predictor import Predictor
from tests.helpers.environment import PROJECT

FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="has no /dev/full")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and pipes of POSIX")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def digits(embedded):
    """Return the embedded test digits, (297, 28, 28) uint8."""
    return np.rint(embedded.test.images * 255).astype(np.uint8).reshape(-1, 28, 28)


@pytest.fixture(scope="session")
def outputs(shipped, digits):
    """Return what the shipped network says to them, (297, 10)."""
    return shipped.network.forward(np.float32(digits.reshape(-1, 784)) / 255).outputs


def write(name, picture):
    Image.fromarray(picture).save(name)


def enlarged(digit, side=140):
    """Return a digit as somebody would photograph it: large, dark on light."""
    return 255 - np.asarray(Image.fromarray(digit).resize((side, side)))


def printed(capsys, *words, status=0):
    """Return the lines that the program prints and those of its errors."""
    assert main([str(word) for word in words]) == status
    out, err = capsys.readouterr()
    return out.splitlines(), err.splitlines()


def objects(capsys, *words, status=0):
    return [json.loads(line) for line in printed(capsys, *words, "--json", status=status)[0]]


def start(*words, **options):
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    environment = os.environ | {"PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": ""} | options.pop("env", {})
    return subprocess.Popen([sys.executable, "-m", "neuralscope.predict", *map(str, words)], env=environment, **options)


# Lines and objects


def test_a_line_says_digit_probability_and_runner_up(capsys, digits, outputs):
    np.save("digits.npy", digits)
    lines, errors = printed(capsys, "digits.npy")
    assert errors == []
    for index, (line, answer) in enumerate(zip(lines, outputs, strict=True)):
        best, second = np.argsort(-answer)[:2]
        assert line == (f"digits.npy[{index}]: {best} ({percent(answer[best])}), "
                        f"then {second} ({percent(answer[second])})")
    assert "100.0 %" not in "".join(lines)


def test_an_object_holds_all_of_it(capsys, digits, outputs):
    np.save("digits.npy", digits[:3])
    write("one.png", digits[0])
    found = objects(capsys, "digits.npy", "one.png")
    assert [one.pop("index") for one in found[:3]] == [0, 1, 2]
    for one, answer in zip(found, outputs[[0, 1, 2, 0]], strict=True):
        assert set(one) == {"version", "file", "digit", "name", "probability", "runner_up", "probabilities", "boxes",
                            "steps"}
        assert one["version"] == 1
        assert one["boxes"] == one["steps"] == []
        np.testing.assert_allclose(one["probabilities"], answer, rtol=1e-5)
        assert [one["digit"], one["runner_up"]] == np.argsort(-answer)[:2].tolist()
        assert one["probability"] == one["probabilities"][one["digit"]]
        assert one["name"] == str(one["digit"])
    assert [one["file"] for one in found] == 3 * ["digits.npy"] + ["one.png"]


def test_whatever_a_digit_comes_in_it_is_read_alike(capsys, digits, outputs, embedded):
    some = digits[:40]
    np.save("uint8.npy", some)
    np.save("rows.npy", some.reshape(-1, 784))
    np.save("floats.npy", some / 255)
    np.save("uint16.npy", some.astype(np.uint16) * 257)
    content = bytes([0, 0, 8, 3]) + np.array(some.shape, ">u4").tobytes() + some.tobytes()
    Path("images-idx3-ubyte").write_bytes(content)
    Path("images-idx3-ubyte.gz").write_bytes(gzip.compress(content))
    np.savetxt("labelled.csv", np.column_stack([embedded.test.labels[:40], some.reshape(-1, 784)]), "%d", delimiter=",")
    np.savetxt("bare.csv", some.reshape(-1, 784), "%d", delimiter=",")
    os.mkdir("png")
    os.mkdir("colour")
    for number, digit in enumerate(some):
        write(f"png/{number}.png", digit)
        Image.fromarray(digit).convert("RGB").save(f"colour/{number}.png")
    for path in os.listdir():
        found = objects(capsys, path)
        np.testing.assert_allclose([one["probabilities"] for one in found], outputs[:40], atol=1e-4, err_msg=path)
        assert not any(one["steps"] for one in found)


def test_more_than_a_batch_is_read_in_order(capsys, digits, outputs, monkeypatch):
    monkeypatch.setattr(predictor, "BATCH_IMAGES", 7)
    monkeypatch.setattr(predictor, "BATCH_WAIT_S", 1e9)
    np.save("digits.npy", digits[:50])
    write("one.png", digits[50])
    found = objects(capsys, "digits.npy", "one.png")
    np.testing.assert_allclose([one["probabilities"] for one in found], outputs[:51], atol=1e-5)
    assert [one.get("index") for one in found] == [*range(50), None]
    reader = Predictor.load(PROJECT / "trained_weights.npz")
    assert [len(batch) for batch in reader.read(image_files.read_images("digits.npy"))] == [7] * 7 + [1]
    monkeypatch.setattr(predictor, "BATCH_WAIT_S", -1)  # nobody waits for a batch to be full
    assert [len(batch) for batch in reader.read(image_files.read_images("digits.npy"))] == [1] * 50


def test_nobody_waits_for_a_batch_of_slow_pictures(digits, monkeypatch):
    now = 0

    def slow():
        nonlocal now
        for digit in digits[:6]:
            now += 0.15  # seconds to read it
            yield LoadedImage("slow.png", digit)

    monkeypatch.setattr(predictor, "time", SimpleNamespace(monotonic=lambda: now))
    assert [len(batch) for batch in Predictor.load(PROJECT / "trained_weights.npz").read(slow())] == [3, 3]


# Preprocessed


def test_dark_ink_and_other_sizes_are_prepared(capsys, digits, outputs):
    write("dark.png", 255 - digits[0])
    write("tinted.png", digits[0] // 2 + 60)
    write("large.png", enlarged(digits[0]))
    np.save("large.npy", enlarged(digits[0]))
    found = objects(capsys, "dark.png", "tinted.png", "large.png", "large.npy")
    for one in found:
        assert one["steps"] == list(STEPS)
        assert one["digit"] == outputs[0].argmax()
        [(left, top, right, bottom)] = one["boxes"]
        assert 0 <= left < right
        assert 0 <= top < bottom
    rows, columns = (np.flatnonzero(digits[0].any(axis)) for axis in (1, 0))
    assert found[0]["boxes"] == [[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]]


def test_numbers_of_28_times_28_are_taken_at_their_word(capsys, digits, shipped):
    moved = np.roll(digits[:1], 5, axis=1) // 2 + 20  # light ink on dark, neither clean nor in its place
    np.save("moved.npy", moved)
    [found] = objects(capsys, "moved.npy")
    expected = shipped.network.forward(np.float32(moved.reshape(-1, 784)) / 255).outputs
    assert found["steps"] == []
    np.testing.assert_allclose([found["probabilities"]], expected, rtol=1e-4)
    np.save("colour.npy", np.repeat(digits[0][..., np.newaxis], 3, axis=2))  # another shape
    assert objects(capsys, "colour.npy")[0]["steps"] == list(STEPS)


def test_numbers_of_28_times_28_that_are_dark_on_light_are_turned_to_light_ink_and_it_is_said(capsys, digits, outputs):
    np.save("dark.npy", 255 - digits[:20])
    np.save("grey paper.npy", 1 - (0.15 + 0.7 * digits[:20] / 255))
    for one, expected in zip(objects(capsys, "dark.npy"), outputs, strict=False):
        assert one["steps"] == ["ink"]
        np.testing.assert_allclose(one["probabilities"], expected, atol=1e-4)
    assert all(one["steps"] == ["ink"] for one in objects(capsys, "grey paper.npy"))
    [found, *_] = objects(capsys, "dark.npy", "--without", "ink")
    assert found["steps"] == []


def test_numbers_whose_ink_may_be_either_stay_as_they_are(capsys, digits):
    cut = 255 - digits[0]
    cut[:14, 0] = 0  # as a garment that touches the border
    np.save("cut.npy", cut)
    assert objects(capsys, "cut.npy")[0]["steps"] == []


def test_thin_strokes_of_a_file_that_is_prepared_are_widened_and_those_of_numbers_stay(capsys, shipped):
    drawing = Image.new("L", (280, 280))
    ImageDraw.Draw(drawing).line([(80, 60), (200, 70), (130, 230)], 255, 6)
    seven = np.rint(255 * as_digit(np.asarray(drawing), STEPS[:-1])).astype(np.uint8).reshape(28, 28)
    write("thin.png", seven)
    np.save("thin.npy", seven)
    picture, numbers = objects(capsys, "thin.png", "thin.npy")
    assert picture["steps"] == ["stroke"]
    assert numbers["steps"] == []
    assert picture["digit"] == 7
    expected = shipped.network.forward(as_digit(seven, ("stroke",))[np.newaxis]).outputs
    np.testing.assert_allclose([picture["probabilities"]], expected, rtol=1e-4, atol=1e-9)


def test_a_file_of_28_times_28_is_read_as_it_is_only_where_it_is_prepared(capsys, digits, embedded):
    tall = np.pad(255 - enlarged(digits[0], 24), 2)
    write("prepared.png", digits[0])
    write("moved.png", np.roll(digits[0], 4, axis=(0, 1)))
    write("tall.png", tall)
    write("pale.png", digits[0] // 3)
    found = {name: one for name in ("prepared.png", "moved.png", "tall.png", "pale.png")
             for one in objects(capsys, name)}
    assert {name: bool(one["steps"]) for name, one in found.items()} == {
        "prepared.png": False, "moved.png": True, "tall.png": True, "pale.png": True}
    for one in found.values():
        assert one["digit"] == embedded.test.labels[0]
    assert objects(capsys, "prepared.png", "--without", "centre")[0]["steps"] == [
        step for step in STEPS if step != "centre"]


@pytest.mark.parametrize("step", STEPS)
def test_each_step_can_be_left_out(capsys, digits, shipped, step):
    write("large.png", enlarged(digits[0]))
    [found] = objects(capsys, "large.png", "--without", step)
    rest = tuple(one for one in STEPS if one != step)
    assert found["steps"] == list(rest)
    expected = shipped.network.forward(as_digit(enlarged(digits[0]), rest)[np.newaxis]).outputs
    np.testing.assert_allclose([found["probabilities"]], expected, rtol=1e-4, atol=1e-9)


def test_the_embedded_digits_as_photographs(capsys, digits, embedded):
    os.mkdir("photographs")
    for number, digit in enumerate(digits[:100]):
        write(f"photographs/{number}.png", enlarged(digit))
    read = [one["digit"] for one in objects(capsys, "photographs")]
    assert (read == embedded.test.labels[:100]).mean() > 0.9


def row_of(digits, chosen, gap=20):
    """Return digits side by side on a light ground."""
    tiles = [np.pad(enlarged(digits[index], 80), ((30, 30), (gap, gap)), constant_values=255) for index in chosen]
    return np.concatenate(tiles, axis=1)


def test_two_digits_read_as_one_are_told(capsys, digits, outputs):
    sure = digits[outputs[:, 1].argmax()]
    write("eleven.png", row_of([sure], [0, 0], gap=4))
    [line], _ = printed(capsys, "eleven.png")
    assert line.endswith("; looks like 2 digits: --row reads 11")
    [found] = objects(capsys, "eleven.png")
    assert found["looks_like"] == {"digits": 2, "number": "11"}
    [row] = objects(capsys, "eleven.png", "--row")
    assert row["number"] == "11"
    assert "looks_like" not in row
    write("one.png", enlarged(sure))
    assert "looks_like" not in objects(capsys, "one.png")[0]
    assert "looks_like" not in objects(capsys, "eleven.png", "--without", "ground")[0]


def write_ladder(name):
    """Write a picture of one piece that is too wide for a digit, and that nothing splits into two."""
    ladder = Image.new("L", (280, 280), 255)
    for place in range(1, 7):
        ImageDraw.Draw(ladder).line([(40 * place, 100), (40 * place, 200)], 0, 20)
    ImageDraw.Draw(ladder).line([(40, 150), (240, 150)], 0, 20)
    ladder.save(name)


def test_what_is_too_wide_for_one_digit_is_told(capsys):
    write_ladder("ladder.png")
    for words in (("ladder.png",), ("ladder.png", "--row")):
        assert printed(capsys, *words)[0][0].endswith("; too wide for one digit: some may touch")
        [found] = objects(capsys, *words)
        assert found["too_wide"] == found["boxes"]


def test_a_dot_is_refused_in_one_line(capsys):
    dot = Image.new("L", (280, 280), 255)
    ImageDraw.Draw(dot).ellipse([130, 130, 150, 150], 0)
    dot.save("dot.png")
    _, [error] = printed(capsys, "dot.png", status=2)
    assert error == ("neuralscope.predict: dot.png: too little ink for a digit: it is a dot; draw a digit, or choose "
                     "another picture")


def test_a_row_is_one_number(capsys, digits, outputs, embedded):
    sure = [int(np.where(embedded.test.labels == label, outputs[:, label], 0).argmax()) for label in (1, 9, 8, 4, 0)]
    write("row.png", row_of(digits, sure))
    [line], _ = printed(capsys, "row.png", "--row")
    assert re.fullmatch(r"row\.png: 19840; 1 \((> )?\d+\.\d %\), 9 \(.* %\), 8 \(.* %\), 4 \(.* %\), 0 \(.* %\)", line)
    [found] = objects(capsys, "row.png", "--row")
    assert set(found) == {"version", "file", "number", "digits", "boxes", "steps"}
    assert found["number"] == "19840"
    assert [one["digit"] for one in found["digits"]] == [1, 9, 8, 4, 0]
    assert all(len(one["probabilities"]) == 10 for one in found["digits"])
    assert [box[0] // 120 for box in found["boxes"]] == [0, 1, 2, 3, 4]


def test_readme_lists_the_fields_of_an_object(capsys, digits, outputs):
    save(Network.random((784, 10), head="sigmoid", rng=np.random.default_rng(0)), "sigmoid.npz", {})
    np.save("digits.npy", digits[:1])
    write("row.png", row_of(digits, [0, 1]))
    found = objects(capsys, "digits.npy", "none.png", status=2)
    np.savez("labelled.npz", x=digits[:2], y=[0, 1])
    found += objects(capsys, "digits.npy", "labelled.npz", "--weights", "sigmoid.npz")
    found += objects(capsys, "row.png", "--row")
    found += found[-1]["digits"]
    write("eleven.png", row_of([digits[outputs[:, 1].argmax()]], [0, 0], gap=4))
    write_ladder("ladder.png")
    found += objects(capsys, "eleven.png", "ladder.png")
    page = (PROJECT / "docs" / "predict.md").read_text(encoding="utf-8")
    table = re.search(r"\| field \|.*\n\|---\|---\|\n((\|.*\n)+)", page)[1]
    told = [name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert len(told) == len(set(told))
    assert set(told) == set().union(*found)


# Networks


def test_a_sigmoid_has_no_probabilities(capsys, digits):
    network = Network.random((784, 10), head="sigmoid", rng=np.random.default_rng(0))
    save(network, "sigmoid.npz", {})
    np.save("digits.npy", digits[:5])
    lines, _ = printed(capsys, "digits.npy", "--weights", "sigmoid.npz")
    for line in lines:
        assert re.search(r": \d \(output (> )?0\.\d{3}\), then \d \(output (> )?0\.\d{3}\)$", line)
    for found in objects(capsys, "digits.npy", "--weights", "sigmoid.npz"):
        assert "probability" not in found
        assert "probabilities" not in found
        assert found["output"] == max(found["outputs"])


def test_classes_have_the_names_of_their_data_set(capsys, digits):
    network = Network.random((784, 10), rng=np.random.default_rng(0))
    save(network, "fashion.npz", {"dataset": "fashion_mnist"})
    np.save("digits.npy", digits[:1])
    write("row.png", row_of(digits, [0, 1]))
    [line], _ = printed(capsys, "digits.npy", "--weights", "fashion.npz")
    [found] = objects(capsys, "digits.npy", "--weights", "fashion.npz")
    assert line.startswith(f"digits.npy[0]: {found['name']} (")
    assert found["name"] == CLASS_NAMES["fashion_mnist"][found["digit"]]
    [found] = objects(capsys, "row.png", "--weights", "fashion.npz", "--row")
    assert found["number"] == " ".join(one["name"] for one in found["digits"])


def test_the_network_gets_digits_prepared_as_its_file_says(capsys, digits, shipped):
    save(shipped.network, "upright.npz", {"preparation": "deskew"})
    np.save("digits.npy", digits[:20])
    found = objects(capsys, "digits.npy", "--weights", "upright.npz")
    expected = shipped.network.forward(deskew_digits(np.float32(digits[:20].reshape(-1, 784)) / 255)).outputs
    np.testing.assert_allclose([one["probabilities"] for one in found], expected, atol=1e-5)


@pytest.mark.parametrize(("sizes", "metadata", "words"), [
    ((64, 10), {}, "the network has 64 inputs and 10 classes, and reading pictures takes 784"),
    ((784, 1), {}, "784 inputs and 1 class,"),
    ((784, 10), {"preparation": "magic"}, "prepared by 'magic'"),
    (None, {}, "no such file"),
])
def test_weights_that_will_not_do(sizes, metadata, words):
    if sizes:
        save(Network.random(sizes, rng=np.random.default_rng(0)), "other.npz", metadata)
    with pytest.raises(InputError, match=words):
        main(["some.png", "--weights", "other.npz"])


def test_sums_that_overflow_are_refused_picture_by_picture(capsys, digits):
    layers = [Layer(np.full((784, 3), 3e38, np.float32), np.zeros(3, np.float32), "relu"),
              Layer(np.ones((3, 10), np.float32), np.zeros(10, np.float32), "softmax")]
    save(Network(layers), "huge.npz", {})
    np.save("digits.npy", digits[:2])
    found = objects(capsys, "digits.npy", "--weights", "huge.npz", status=2)
    assert [one["error"] for one in found] == 2 * ["makes the network's sums overflow; choose other weights"]


def test_a_network_with_nan_is_refused_with_where_it_is(capsys, digits, shipped):
    parameters = {name: array.copy() for name, array in shipped.network.parameters.items()}
    parameters["W1"][:12, 7] = np.nan
    save(shipped.network.with_parameters(parameters), "nan.npz", {})
    np.save("digits.npy", digits[:1])
    [found] = objects(capsys, "digits.npy", "--weights", "nan.npz", status=2)
    assert found["error"] == "is not answered: W1 has 12 NaN, all into neuron 7; choose other weights"


# Bad input


def test_a_bad_file_is_reported_and_the_rest_goes_on(capsys, digits):
    write("good.png", digits[0])
    Path("bad.png").write_bytes(b"")
    write("black.png", np.zeros((40, 40), np.uint8))
    lines, errors = printed(capsys, "bad.png", "good.png", "black.png", "none.png", "good.png", status=2)
    assert len(lines) == 2
    assert [error.split(": ")[:2] for error in errors] == [
        ["neuralscope.predict", name] for name in ("bad.png", "black.png", "none.png")]
    assert errors[0] == "neuralscope.predict: bad.png: is empty (zero bytes); get it again"
    found = objects(capsys, "bad.png", "good.png", status=2)
    assert found[0] == {"version": 1, "file": "bad.png", "error": "is empty (zero bytes); get it again"}
    assert "digit" in found[1]


ARRAYS = {
    "1x1": np.full((1, 1), 9, np.uint8), "1x10,000": np.zeros((1, 10_000), np.uint8),
    "all black": np.zeros((50, 50), np.uint8), "all white": np.full((50, 50), 255, np.uint8),
    "black 28x28": np.zeros((28, 28), np.uint8), "white 28x28": np.full((28, 28), 255, np.uint8),
    "NaN": np.full((28, 28), np.nan), "one NaN": np.pad([[np.nan]], 20), "infinite": np.pad([[np.inf]], 20),
    "too large": np.pad([[300]], 20), "negative": np.pad([[-1.0, 1.0]], 20), "complex": np.zeros((28, 28), complex),
    "text": np.full((28, 28), "x"), "dates": np.zeros((28, 28), "M8[s]"),
    "transparent": np.zeros((40, 40, 4), np.uint8),
}


@pytest.mark.parametrize("row", [(), ("--row",)])
@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays_that_are_no_digit(capsys, kind, row):
    np.save("bad.npy", ARRAYS[kind])
    lines, [error] = printed(capsys, "bad.npy", *row, status=2)
    assert lines == []
    assert re.match(r"neuralscope\.predict: bad\.npy: .*; \S", error)


@pytest.mark.parametrize("kind", ["1x1", "1x10,000", "all black", "all white", "black 28x28", "white 28x28",
                                  "transparent"])
def test_pictures_that_are_no_digit(capsys, kind):
    write("bad.png", ARRAYS[kind])
    _, [error] = printed(capsys, "bad.png", status=2)
    assert re.match(r"neuralscope\.predict: bad\.png: .*; \S", error)


@pytest.mark.parametrize(("words", "line"), [
    ([], "there is nothing to read; name a FILE, or give --stdin"),
    (["--json"], "there is nothing to read"),
    (["-", "some.png", "-"], "-: standard input can be read once; give - or --stdin a single time"),
    (["-", "--stdin"], "standard input can be read once"),
    (["some.png", "--row", "--without", "ink"], "--row finds digits by grey, ink, ground; take these from --without"),
])
def test_bad_usage(words, line):
    with pytest.raises(InputError) as caught:
        main(words)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@POSIX
def test_names_with_newlines_and_other_scripts_stay_in_their_line(capsys, digits):
    names = ["two words.png", "two\nlines.png", "数字.png", os.fsdecode(b"\xff.png"), "-x.png"]
    for name in names:
        write(f"./{name}", digits[0])
    lines, _ = printed(capsys, *[f"./{name}" for name in names])
    assert [line.split(": ")[0] for line in lines] == [
        "./two words.png", r"./two\nlines.png", "./数字.png", r"./\udcff.png", "./-x.png"]
    assert [one["file"] for one in objects(capsys, *[f"./{name}" for name in names])] == [
        "./two words.png", "./two\nlines.png", "./数字.png", r"./\udcff.png", "./-x.png"]
    assert len(printed(capsys, "./no\nsuch.png", status=2)[1]) == 1


# Memory


def test_arrays_are_let_go_before_they_are_answered(digits):
    reader = Predictor.load(PROJECT / "trained_weights.npz")
    reading = reader.preprocessed(LoadedImage("large", enlarged(digits[0])))
    assert reading.image.array is None
    assert reading.digits.base is None or reading.digits.base.size == 784


# The program as a process


@POSIX
def test_statuses_and_standard_error(digits):
    write("good.png", digits[0])
    stream = io.BytesIO()
    Image.fromarray(digits[0]).convert("RGB").save(stream, "tiff")
    Path("bad.tif").write_bytes(  # of 171 samples a pixel, which Pillow also writes to its log
        stream.getvalue().replace(struct.pack("<HHIH", 277, 3, 1, 3), struct.pack("<HHIH", 277, 3, 1, 171)))
    for words, status, begins in ((["good.png"], 0, b""),
                                  (["bad.tif"], 2, b"neuralscope.predict: bad.tif: is not a picture that can be read"),
                                  (["none.png"], 2, b"neuralscope.predict: none.png: cannot be read"),
                                  (["good.png", "--weights", "x"], 2, b"neuralscope.predict: x: no such file"),
                                  (["--without", "all"], 2, b"neuralscope.predict: --without")):
        program = start(*words)
        _, errors = program.communicate(timeout=60)
        assert program.returncode == status, words
        assert errors.startswith(begins)
        assert errors.count(b"\n") == bool(begins)


@POSIX
@pytest.mark.parametrize("words", [["--stdin"], ["-"]])
def test_standard_input(digits, outputs, words):
    stream = io.BytesIO()
    Image.fromarray(digits[0]).save(stream, "png")
    program = start(*words, stdin=subprocess.PIPE)
    out, errors = program.communicate(stream.getvalue(), timeout=60)
    assert (program.returncode, errors) == (0, b"")
    assert out.decode().startswith(f"-: {outputs[0].argmax()} (")


def test_too_much_on_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(image_files, "MAX_IMAGE_BYTES", 2**20)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(bytes(2**20 + 1))))
    _, [error] = printed(capsys, "--stdin", status=2)
    assert error == "neuralscope.predict: -: is more than 1 MiB; send a smaller picture"


def test_no_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert printed(capsys, "--stdin", status=2)[1] == ["neuralscope.predict: -: is empty (zero bytes); get it again"]


@POSIX
@pytest.mark.parametrize(("words", "status"), [(["digits.npy"], 0), (["none.png", "digits.npy"], 2)])
def test_a_reader_that_leaves_ends_it_quietly_with_the_status_so_far(digits, words, status):
    np.save("digits.npy", np.resize(digits, (20_000, 28, 28)))
    with start(*words) as program:
        assert program.stdout.readline().startswith(b"digits.npy[0]: ")
        program.stdout.close()
        assert program.stderr.read().count(b"\n") == len(words) - 1
    assert program.returncode == status


@FULL
@pytest.mark.parametrize("words", [["good.png"], ["good.png", "--json"], ["bad.png", "good.png"]])
def test_a_full_disk_is_told_in_a_line(digits, words):
    write("good.png", digits[0])
    Path("bad.png").touch()
    with open("/dev/full", "wb") as full:
        program = start(*words, stdout=full)
        *_, error = program.communicate(timeout=60)[1].decode().splitlines()
    assert error == ("neuralscope.predict: standard output: cannot be written (No space left on device); make room, or "
                     "write elsewhere")
    assert program.returncode == 2


@FULL
def test_a_complaint_that_cannot_be_written_stops_nothing(digits):
    write("good.png", digits[0])
    with open("/dev/full", "wb") as full:
        program = start("none.png", "good.png", stderr=full)
        assert program.communicate(timeout=60)[0].startswith(b"good.png: ")
    assert program.returncode == 2


@POSIX
def test_a_terminal_shows_lines_and_complaints_in_order(digits):
    write("good.png", digits[0])
    out, _ = start("good.png", "none.png", "good.png", "none.png", stderr=subprocess.STDOUT).communicate(timeout=60)
    assert [line.split(b": ")[0] for line in out.splitlines()] == 2 * [b"good.png", b"neuralscope.predict"]


@POSIX
def test_lines_come_before_standard_input_is_there_and_ctrl_c_ends_it(digits):
    write("good.png", digits[0])
    program = start("good.png", "-", "good.png", stdin=subprocess.PIPE)
    assert program.stdout.readline().startswith(b"good.png: ")
    program.send_signal(signal.SIGINT)
    out, errors = program.communicate(timeout=60)
    assert (program.returncode, out, errors) == (130, b"", b"neuralscope.predict: stopped\n")


@POSIX
def test_a_terminal_that_knows_no_such_letters(digits):
    write("é.png", digits[0])
    program = start("é.png", "ü.png", env={"PYTHONIOENCODING": "ascii"})
    out, errors = program.communicate(timeout=60)
    assert out.startswith(rb"\xe9.png: ")
    assert errors.startswith(rb"neuralscope.predict: \xfc.png: cannot be read")
