"""The visualizer's command: a real window, its stand-ins, and what bad input gets."""

import os
import re
import signal
import subprocess
import sys
import urllib.request

import numpy as np
import pytest
from PIL import Image

from neuralscope.errors import InputError
from neuralscope.images.deskew import deskew_digits
from neuralscope.network import save, storage
from neuralscope.network.nonfinite import overflows
from neuralscope.visualizer.__main__ import main, parser, session_factory
from neuralscope.visualizer.arguments import load_model_and_data
from neuralscope.visualizer.drawing.theme import THEMES, rgb
from neuralscope.visualizer.live import launcher
from neuralscope.visualizer.live.phases import Command
from neuralscope.visualizer.live.setup import TrainingSetup
from neuralscope.visualizer.toolkits import backends, fit_to_screen
from neuralscope.visualizer.views import VIEWS
from tests.helpers import desktop
from tests.helpers.environment import python, unavailable
from tests.helpers.networks import model_of
from tests.helpers.table_files import write_table
from tests.helpers.unlabelled import without_labels

pytestmark = pytest.mark.usefixtures("warm")


@pytest.fixture(scope="module")
def screen():
    if desktop.missing_tools():
        unavailable("window", f"a real window needs {desktop.missing_tools()}")
    with desktop.display() as name:
        yield name


def end(program):
    """Return exit status, output and errors of a program that should be ending."""
    output, errors = program.communicate(timeout=desktop.TIMEOUT_S)
    return program.returncode, output, errors


def test_a_person_uses_the_window(screen, tmp_path):
    with desktop.started_program("--dataset", "digits", "--index", 7, folder=tmp_path, DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        person.sees("test digit 7 of 297")
        person.press("Return")
        title = desktop.wait_for(lambda: "digit 7 " not in person.title and person.title)
        assert re.fullmatch(r"NeuralScope: test digit \d+ of 297, reads \d .* (✓ right|✗ wrong) the truth is \d", title)
        person.press("question")
        person.sees("all keys")
        person.press("Escape")
        person.sees(title)
        person.press("g", "4", "2", "Return")
        person.sees("test digit 42 of 297")
        person.press("space", "BackSpace")
        person.sees("test digit 42 of 297")
        person.press("Tab", "Tab", "shift+Tab", "Tab", "Down", "Return", "Return")
        person.sees("hidden layer, neurons 0 to 255, neuron ")
        person.press("w", "v", "0", "v", "v")
        person.sees("test digit 42 of 297, reads")
        person.press("m")
        person.sees("in 297 test digits")
        person.press("h", "e")
        person.sees("test digit 42 of 297")
        person.press("s")  # not Matplotlib's own, which would ask for a name
        desktop.wait_for((tmp_path / "neuralscope-digits-42-explore.png").exists)
        ground = rgb(THEMES["dark"].background)
        assert (person.picture() == ground).all(axis=2).mean() > 0.2
        person.press("q")
        assert end(program) == (0, "", "")


def test_the_mouse_uses_the_window(screen):
    with desktop.started_program("--dataset", "digits", "--index", 7, "--theme", "light", DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        width, height = person.size()
        person.do("mousemove", "--window", person.window, round(0.035 * width), round(0.963 * height), "click", 1)
        desktop.wait_for(lambda: "digit 7 " not in person.title)
        person.press("q")
        assert end(program) == (0, "", "")


def test_a_hand_draws_in_the_window(screen):
    with desktop.started_program("--dataset", "digits", "--view", "draw", DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        width, height = person.size()
        left, top, side = 0.029 * width, 0.175 * height, 0.56 * height
        person.do("mousemove", "--window", person.window, round(left + 0.5 * side), round(top + 0.1 * side),
                  "mousedown", 1)
        for share in (0.3, 0.5, 0.7, 0.9):
            person.do("mousemove", "--window", person.window, round(left + 0.5 * side), round(top + share * side))
        desktop.wait_for(lambda: person.title == "NeuralScope: your drawing, " + person.title.partition(", ")[2]
                         and "reads 1 " in person.title)  # before the button is released
        person.do("mouseup", 1)
        person.press("z")
        desktop.wait_for(lambda: "draw a digit" in person.title)
        person.press("q")
        assert end(program) == (0, "", "")


@pytest.mark.slow
def test_a_person_travels_through_a_training(screen, tmp_path):
    from neuralscope.network.__main__ import main as train

    train(["--dataset", "digits", "--epochs", "3", "--hidden", "12", "--augment", "none", "--snapshots", "--quiet",
           "--output", str(tmp_path / "mine.npz")])
    with desktop.started_program("--dataset", "digits", "--index", 7, "--weights", "mine.npz", folder=tmp_path,
                         DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        person.sees("NeuralScope: test digit 7 of 297")
        person.press("p")
        person.sees("epoch 3 of 3 test digit 7 of 297")
        person.press("Home")
        person.sees("epoch 0 of 3 ")
        person.press("Right", "w")
        person.sees("epoch 1 of 3 ")
        person.press("p", "space")
        person.sees("epoch 3 of 3 ")
        person.press("M")
        desktop.wait_for((tmp_path / "neuralscope-digits-7-past.gif").exists)
        person.press("e")
        person.sees("NeuralScope: test digit 7 of 297")
        person.press("q")
        assert end(program) == (0, "", "")


@pytest.fixture
def seven(tmp_path):
    """Return a picture file: a seven in dark ink on light paper, in colour."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (200, 300), (235, 225, 200))
    ImageDraw.Draw(picture).line([(50, 60), (150, 60), (90, 240)], fill=(30, 40, 120), width=14, joint="curve")
    picture.save(tmp_path / "seven.png")
    return tmp_path / "seven.png"


@pytest.mark.slow
@pytest.mark.parametrize("view", [[], ["--view", "why"]])
def test_a_picture_file_is_opened_and_read(screen, seven, view):
    with desktop.started_program("--dataset", "digits", seven, *view, DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        desktop.wait_for(lambda: "NeuralScope: seven.png, reads 7" in person.title)
        person.leave()
        assert end(program) == (0, "", "")


def test_a_picture_of_it_needs_no_window(seven, tmp_path):
    assert main(["--dataset", "digits", "--save", str(tmp_path / "one.png"), str(seven)]) == 0
    assert main(["--dataset", "digits", "--save", str(tmp_path / "two.png"), "--view", "explore", str(seven)]) == 0
    assert (tmp_path / "one.png").read_bytes() != (tmp_path / "two.png").read_bytes()


@pytest.mark.parametrize(("name", "content", "words"), [
    ("nowhere.png", None, "nowhere.png"), ("empty.png", b"", "empty.png"), ("text.png", b"not a picture", "text.png")])
def test_a_file_that_is_no_picture_is_refused(refused, tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert words in refused("--dataset", "digits", tmp_path / name)


def test_a_table_s_first_picture_is_opened_and_its_label_column_named(tmp_path, embedded, capsys):
    digits = embedded.train
    path = write_table(tmp_path / "two.csv", [digits.labels[:30], *digits.pixels[:30].T[:-1], digits.labels[:30]])
    with pytest.raises(InputError, match="--label-column"):
        main(["--dataset", "digits", "--save", str(tmp_path / "one.png"), str(path)])
    assert main(["--dataset", "digits", "--save", str(tmp_path / "one.png"), str(path), "--label-column", "1"]) == 0
    capsys.readouterr()
    write_table(path, [digits.labels[:30], *digits.pixels[:30].T])
    assert main(["--dataset", "digits", "--save", str(tmp_path / "one.png"), str(path)]) == 0
    assert "the first column is taken for the label" in capsys.readouterr().err


def test_a_table_is_a_data_set_whose_classes_are_those_of_the_network(tmp_path, embedded, capsys):
    few = embedded.train.labels[:200] < 3
    path = write_table(tmp_path / "few.csv", [embedded.train.labels[:200][few], *embedded.train.pixels[:200][few].T])
    options = parser().parse_args(["--dataset", str(path)])
    _, dataset = load_model_and_data(options)
    assert dataset.class_names == tuple("0123456789")
    assert set(dataset.test.labels) == {0, 1, 2}
    assert "the first column is taken for the label" in capsys.readouterr().err


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_picture_without_ink_is_refused(refused, tmp_path, grey):
    from PIL import Image

    Image.new("L", (50, 50), grey).save(tmp_path / "plain.png")
    message = refused("--dataset", "digits", tmp_path / "plain.png")
    assert "plain.png" in message
    assert "ink" in message


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), pytest.param("SIGTERM", 143, marks=pytest.mark.slow),
                                              pytest.param("SIGHUP", 129, marks=pytest.mark.slow)])
def test_a_signal_ends_the_program(name, status, screen):
    with desktop.started_program("--dataset", "digits", DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        person.do("windowsize", person.window, 900, 600)
        person.press("F11", "Return")
        program.send_signal(getattr(signal, name))
        assert end(program) == (status, "", "neuralscope.visualizer: stopped\n")


@pytest.mark.slow
def test_a_person_trains_in_the_window_and_no_way_out_loses_anything(screen, tmp_path):
    options = ["--dataset", "digits", "--train", "--epochs", 5000, "--hidden", 9, "--augment", "none"]
    again = "python -m neuralscope.visualizer --train --resume --output my-training.npz\n"
    with desktop.started_program(*options, folder=tmp_path, DISPLAY=screen) as program:
        person = desktop.Person(program, screen)
        person.sees("train a network")
        person.press("space")
        person.sees("errors")
        person.press("e")
        person.sees(", learning ")
        person.press("t")
        person.sees("of test digits right")
        person.press("q")
        status, _, errors = end(program)
    assert status == 0
    assert re.fullmatch(r"neuralscope\.visualizer: stopped in epoch \d+ of 5000; what was learned is in "
                        f"my-training.checkpoint.npz; to continue: {again}", errors)
    done = storage.load(tmp_path / "my-training.checkpoint.npz").metadata["epochs_run"]
    with desktop.started_program(
        "--dataset", "digits", "--train", "--resume", folder=tmp_path, DISPLAY=screen
    ) as program:
        person = desktop.Person(program, screen)
        person.press("space")
        person.sees("of test digits right")
        desktop.wait_for(lambda: int(re.search(r"epoch ([\d,]+)", person.title)[1].replace(",", "")) > done)
        program.send_signal(signal.SIGINT)
        status, _, errors = end(program)
    assert status == 130
    assert errors.endswith(f"{again}neuralscope.visualizer: stopped\n")
    assert storage.load(tmp_path / "my-training.checkpoint.npz").metadata["epochs_run"] > done
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-training.checkpoint.epochs.npz",
                                                                "my-training.checkpoint.npz"]


def test_the_window_fits_a_small_screen():
    if desktop.missing_tools():
        unavailable("window", f"a real window needs {desktop.missing_tools()}")
    with desktop.display("1024x768") as small, desktop.started_program("--dataset", "digits", DISPLAY=small) as program:
        person = desktop.Person(program, small)
        width, height = person.size()
        assert width <= 1024
        assert height <= 768
        person.leave()
        assert end(program)[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["no display", "no toolkit"])
def test_where_no_window_can_be_opened_the_browser_shows_it(kind, screen, tmp_path):
    changes = {}
    if kind == "no toolkit":
        (tmp_path / "tkinter").mkdir()
        (tmp_path / "tkinter" / "__init__.py").write_text("raise ImportError('no Tk here')")
        changes = {"DISPLAY": screen, "PYTHONPATH": f"{tmp_path}:{desktop.PROJECT}"}
    with desktop.started_program("--dataset", "digits", **changes) as program:
        line = program.stdout.readline()
        assert {"no display": "there is no display", "no toolkit": "finds no GUI toolkit"}[kind] in line
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as page:
            assert b"NeuralScope" in page.read()
        program.send_signal(signal.SIGINT)
        status, rest, errors = end(program)
        assert (status, rest, errors) == (130, "", "neuralscope.visualizer: stopped\n")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_picture_is_saved_without_a_display(tmp_path, suffix, theme, capsys):
    path = tmp_path / f"picture.{suffix}"
    assert main(["--dataset", "digits", "--index", "42", "--theme", theme, "--save", str(path)]) == 0
    if suffix == "png":
        with Image.open(path) as picture:
            assert picture.size == (1400, 800)
            assert picture.convert("RGB").getpixel((3, 3)) == rgb(THEMES[theme].background)
    assert path.stat().st_size > 10_000
    assert capsys.readouterr() == ("", "")


def test_a_person_s_own_settings_do_not_cut_the_picture(tmp_path):
    import matplotlib

    path = tmp_path / "picture.png"
    with matplotlib.rc_context({"savefig.bbox": "tight", "savefig.dpi": 50, "figure.dpi": 72}):
        main(["--dataset", "digits", "--save", str(path)])
    with Image.open(path) as picture:
        assert picture.size == (1400, 800)


def test_cells_lie_in_a_vector_file_where_they_lie_in_the_window(tmp_path, open_window):
    window = open_window(index=42)
    path = tmp_path / "picture.svg"
    main(["--dataset", "digits", "--index", "42", "--save", str(path)])
    boxes = []
    for tag in re.findall(r"<image.*?/>", path.read_text(encoding="utf-8"), flags=re.DOTALL):
        size = [float(side) for side in re.search(r'width="([\d.]+)" height="([\d.]+)"', tag).groups()]
        matrix = [float(number) for number in re.search(r"matrix\((.*?)\)", tag)[1].replace(",", " ").split()]
        boxes.append((matrix[4] / 0.72, 800 - matrix[5] / 0.72, abs(matrix[0]) * size[0] / 0.72,
                      abs(matrix[3]) * size[1] / 0.72))
    for picture in (window.view.digit.picture, window.view.hidden.sheets[0].picture):
        left, bottom, width, height = picture.bounds()
        assert any(box[0] == pytest.approx(left, abs=0.5) and box[2:] == pytest.approx((width, height), abs=0.5)
                   and (box[1] == pytest.approx(bottom + height, abs=0.5) or box[1] == pytest.approx(bottom, abs=0.5))
                   for box in boxes), boxes


def test_a_picture_that_cannot_be_written_whole_leaves_the_old_one(tmp_path):
    import resource

    path = tmp_path / "picture.png"
    path.write_bytes(b"the old one")
    with desktop.started_program("--dataset", "digits", "--save", path,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))) as program:
        status, _, errors = end(program)
    assert status == 2
    assert errors.count("\n") == 1
    assert path.read_bytes() == b"the old one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["picture.png"]


def test_a_window_of_a_toolkit_that_names_no_window_is_left_as_it_is():
    from matplotlib.backend_bases import FigureManagerBase
    from matplotlib.figure import Figure

    figure = Figure(figsize=(14, 8), dpi=100)
    fit_to_screen(FigureManagerBase(figure.canvas, 1))  # macOS's has no window either
    assert figure.canvas.get_width_height() == (1400, 800)


@pytest.mark.parametrize("backend", ["tkagg", ""])
def test_a_window_of_tk_stands_without_pyplot_and_without_other_views(screen, backend, tmp_path):
    code = """
import sys
from neuralscope.visualizer import desktop
from neuralscope.visualizer.__main__ import parser, session_factory
from neuralscope.visualizer.drawing.theme import THEMES
window = desktop.make_window(session_factory(parser().parse_args(["--dataset", "digits"])), THEMES["dark"])
print(type(window.figure.canvas).__name__, window.figure.canvas.manager.toolbar)
print([name for name in sys.modules if name == "matplotlib.pyplot" or name.endswith("attribution_table")])
canvas = window.figure.canvas
canvas.get_tk_widget().after(1, window.commands.quit)
desktop.show_until_closed(canvas.manager)
print("closed")
"""
    if not backend and backends()[0] != "tkagg":
        pytest.skip("Matplotlib takes another toolkit here")
    changes = {"MPLBACKEND": backend} if backend else {}
    done = subprocess.run(python(code),
                          env=desktop.environment(DISPLAY=screen, **changes),
                          cwd=tmp_path, capture_output=True, text=True, timeout=desktop.TIMEOUT_S)
    assert (done.stdout, done.stderr) == ("FigureCanvasTkAgg None\n[]\nclosed\n", "")


def test_a_display_that_is_not_there_is_said(tmp_path):
    code = ("from neuralscope.visualizer import desktop; "
            "print(desktop.make_window(None, None), desktop.show_window(None, None))")
    done = subprocess.run([sys.executable, "-c", code], env=desktop.environment(DISPLAY=":987"),
                          cwd=tmp_path, capture_output=True, text=True, timeout=desktop.TIMEOUT_S)
    assert done.stdout == ("None Matplotlib finds no GUI toolkit that works here "
                           "(tkagg: couldn't connect to display \":987\")\n")


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "words"), [("agg", "MPLBACKEND=agg opens no window"), ("tkagg", "no display")])
def test_a_backend_without_windows_is_named(screen, backend, words):
    changes = {"DISPLAY": screen} if backend == "agg" else {}
    with desktop.started_program("--dataset", "digits", MPLBACKEND=backend, **changes) as program:
        assert words in program.stdout.readline()


def test_matplotlib_does_without_its_lines_on_a_home_that_cannot_be_written():
    environment = desktop.environment(HOME="/dev/null/home")
    for name in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    code = ("from neuralscope.visualizer.__main__ import check_backend; check_backend(); "
            "import matplotlib; print('null' in matplotlib.get_configdir() + matplotlib.get_cachedir())")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_backend_that_does_not_exist_gets_one_line():
    with desktop.started_program("--dataset", "digits", MPLBACKEND="nonsense") as program:
        status, _, errors = end(program)
    assert (status, errors.count("\n")) == (2, 1)
    assert "MPLBACKEND=nonsense" in errors


@pytest.mark.parametrize("factor", [1e25, 1e3])
def test_weights_that_overflow_are_said_and_large_ones_shown(capsys, shipped, tmp_path, factor):
    path = tmp_path / "large.npz"
    large = {name: array * np.float32(factor) for name, array in shipped.network.parameters.items()}
    storage.save(shipped.network.with_parameters(large), path, {})
    with np.errstate():  # which the program changes
        assert main(["--dataset", "digits", "--weights", str(path), "--save", str(tmp_path / "picture.png")]) == 0
    assert ("overflow" in capsys.readouterr().err) == (factor == 1e25)


@pytest.mark.parametrize("pixel", ["always inked", "rarely inked"])
def test_a_hidden_sum_that_overflows_is_found_whatever_the_digit(shipped, pixel, embedded):
    ink = (embedded.test.images > 0.5).sum(axis=0)
    place = int(ink.argmax()) if pixel == "always inked" else int(np.where(ink == 0, ink.max(), ink).argmin())
    weights = shipped.network.layers[0].weights.copy()
    weights[place] = 3e38
    outgoing = shipped.network.layers[1].weights * 0  # the outputs stay finite
    network = shipped.network.with_parameters(dict(shipped.network.parameters) | {
        "W1": weights, "b1": shipped.network.layers[0].biases + 3e38, "W2": outgoing})
    assert overflows(network, embedded.test.images)
    assert not overflows(shipped.network, embedded.test.images)


def test_the_seed_decides_the_digit(tmp_path):
    for name in ("one.png", "two.png"):
        main(["--dataset", "digits", "--seed", "3", "--save", str(tmp_path / name)])
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


@pytest.fixture
def refused(capsys):
    """Return a function that gives the command some words and returns the one line that it refuses them with."""
    def refused(*words):
        with pytest.raises((InputError, SystemExit)) as caught:
            main([str(word) for word in words])
        output, errors = capsys.readouterr()
        assert output == ""
        if isinstance(caught.value, InputError):  # whoever runs the program prints it
            assert errors == ""
            assert "\n" not in str(caught.value)
            return str(caught.value)
        assert caught.value.code == 2
        assert errors.count("\n") == 1
        return errors

    return refused


@pytest.mark.parametrize(("arguments", "words"), [
    (["--index", "297"], "go from 0 to 296"),
    (["--index", "four"], "--index: 'four': choose a whole number of at least 0")])
def test_a_program_that_refuses_says_who_it_is_and_ends_with_2(arguments, words):
    with desktop.started_program("--dataset", "digits", *arguments) as program:
        status, output, errors = end(program)
    assert (status, output) == (2, "")
    assert errors.startswith("neuralscope.visualizer: ")
    assert errors.count("\n") == 1
    assert words in errors


BAD = [
    (["--index", "297"], "go from 0 to 296"), (["--index", "-1"], "--index: '-1': choose a"),
    (["--index", "four"], "choose a whole"), (["--seed", "-1"], "--seed: '-1': "), (["--theme", "pink"], "pink"),
    (["--weights", "nowhere.npz"], "nowhere.npz"), (["--dataset", "letters"], "letters"),
    (["--data-dir", "/nowhere"], "nowhere"), (["--save", "picture.bmp"], "picture.bmp"),
    (["--save", "/nowhere/picture.png"], "nowhere/picture.png"), (["--threads", "0"], "0"),
    (["--browser", "--port", "99999"], "99999"), (["--colour", "red"], "--colour"), (["--view", "what"], "what"),
    (["--neuron", "256"], "--neuron 256: the neurons of layer 1 go from 0 to 255"), (["--neuron", "-1"], "'-1'"),
    (["--epochs", "3", "--output", "a.npz"], "--epochs, --output: of a training; give --train too"),
    (["--preset", "quick"], "--preset: of a training; give --train too"),
    (["--train", "--preset", "fast"], "--preset fast: choose one of default, quick, two-layers, classical"),
    (["--train", "--epochs", "0"], "--epochs 0: choose a whole number"), (["--train", "--output", ""], "name"),
    (["--train", "--resume"], "there is no my-training.checkpoint.npz of a training on digits"),
    (["--layer", "2"], "--layer 2: the hidden layers go from 1 to 1"), (["--layer", "0"], "--layer: '0'")]


def test_what_a_preset_is_not_is_said_before_the_window_opens(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["--dataset", "digits", "--train", "--preset", "quick"]
    for more, said in ((["--epochs", "9"], "neuralscope.visualizer: preset quick, but with --epochs 9\n"), ([], "")):
        session = session_factory(parser().parse_args([*words, *more]))()
        assert capsys.readouterr().err == said
        assert session.training_setup.options().optimizer == "momentum"
        assert session.training_setup.is_preset("quick") is not bool(more)


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=lambda one: " ".join(one) if isinstance(one, list) else "")
def test_bad_input_gets_one_line(refused, arguments, words):
    dataset = [] if {"--dataset", "--data-dir"} & set(arguments) else ["--dataset", "digits"]
    assert words in refused(*dataset, *arguments)


@pytest.mark.parametrize(("sizes", "words"), [((784, 5, 7), "7 classes"), ((64, 5, 10), "64 inputs")])
def test_weights_that_do_not_fit_the_data_are_refused(refused, tmp_path, sizes, words):
    import numpy as np

    from neuralscope.network.model import Network

    path = tmp_path / "other.npz"
    storage.save(Network.random(sizes, rng=np.random.default_rng(0)), path, {})
    message = refused("--dataset", "digits", "--weights", path)
    assert words in message
    assert "other.npz" in message


def test_weights_learned_on_other_data_are_shown_and_the_footer_says_so(shipped, open_window):
    from dataclasses import replace

    foreign = replace(model_of(shipped, 20), metadata={"dataset": "fashion_mnist"})
    assert "learned on fashion_mnist" in open_window(foreign).footer.loaded.text
    own = replace(model_of(shipped, 20), metadata={"dataset": "digits"})
    assert "learned on" not in open_window(own).footer.loaded.text


def test_the_window_never_reads_the_training_part(mnist_dir, tmp_path):
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        (tmp_path / name).symlink_to(mnist_dir / name)
    picture = tmp_path / "picture.png"
    assert main(["--dataset", "mnist", "--data-dir", str(tmp_path), "--save", str(picture)]) == 0
    assert picture.exists()


def test_digits_are_prepared_as_the_file_asks_and_the_window_says_so(tmp_path, shipped, embedded):
    path = tmp_path / "deskewed.npz"
    save(shipped.network, path, {"dataset": "mnist", "preparation": "deskew"})
    _, dataset = load_model_and_data(parser().parse_args(["--weights", str(path), "--dataset", "digits"]))
    assert dataset.source == "embedded in scikit-learn; prepared by deskew"
    np.testing.assert_array_equal(dataset.test.images, deskew_digits(embedded.test.images))
    np.testing.assert_array_equal(dataset.train.labels, embedded.train.labels)
    save(shipped.network, path, {"preparation": "blur"})
    with pytest.raises(InputError, match="prepared by 'blur'"):
        load_model_and_data(parser().parse_args(["--weights", str(path), "--dataset", "digits"]))


def test_the_snapshots_beside_the_weights_are_read_when_a_view_asks(tmp_path, monkeypatch):
    from neuralscope.network import untrusted_npz
    from neuralscope.network.__main__ import main as train

    opened, read, path = [], [], str(tmp_path / "mine.npz")
    train(["--dataset", "digits", "--epochs", "2", "--hidden", "3", "--augment", "none", "--snapshots", "--quiet",
           "--output", path])
    monkeypatch.setattr(
        "neuralscope.visualizer.app.window.MainWindow.run_to_end", lambda window: opened.append(window.session)
    )
    opening = untrusted_npz.open_npz
    monkeypatch.setattr(untrusted_npz, "open_npz", lambda path: read.append(path.name) or opening(path))
    show = ["--dataset", "digits", "--weights", path, "--save", str(tmp_path / "view.png"), "--view", "explore"]
    assert main(show) == 0
    assert read == ["mine.npz"]
    assert opened[0].snapshots.epochs.tolist() == [0, 1, 2]
    assert opened[0].snapshot_choice.no_snapshots_reason == ""
    assert read == ["mine.npz", "mine.epochs.npz"]
    os.remove(tmp_path / "mine.epochs.npz")
    main(show)
    assert opened[1].snapshots is None
    assert str(opened[1].snapshot_choice.no_snapshots_reason) == (
        f"there is no {tmp_path / 'mine.epochs.npz'}; to keep snapshots of a training: "
        "python -m neuralscope.network --snapshots"
    )


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.title)
def test_a_picture_of_every_view_is_saved(tmp_path, view, monkeypatch):
    opened = []
    monkeypatch.setattr("neuralscope.visualizer.app.window.MainWindow.run_to_end", lambda window: opened.append(window))
    path = tmp_path / "view.png"
    choice = ["--view", view.title, "--index", "3", "--neuron", "42"]
    assert main(["--dataset", "digits", *choice, "--save", str(path)]) == 0
    assert type(opened[0].view) is view
    assert opened[0].session.selection.is_selected(0, 42)
    assert path.read_bytes()[:4] == b"\x89PNG"


def test_pictures_without_labels_are_opened(embedded, tmp_path, monkeypatch):
    monkeypatch.setattr("neuralscope.runs.network_data.load", lambda *given: without_labels(embedded))
    said = []
    monkeypatch.setattr("neuralscope.visualizer.app.window.MainWindow.run_to_end", lambda window: said.extend(
        (window.view.headline.verdict.text, window.footer.loaded.text)))
    assert main(["--dataset", "pictures.csv", "--save", str(tmp_path / "view.png")]) == 0
    assert "no true label" in said[0]
    assert said[1].endswith("no true labels")


def test_while_one_window_continues_the_training_asked_for_others_open(embedded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = launcher.make_training(TrainingSetup({"epochs": 2, "hidden": (5,), "augment": "none"}), embedded)
    first.tell(Command.TAKE_STEP)
    desktop.wait_for(lambda: first.state.idle)
    first.close()
    new_session = session_factory(parser().parse_args(["--dataset", "digits", "--train", "--resume"]))
    one = new_session()
    training = launcher.make_training(one.training_setup, embedded)
    try:
        two = new_session()
        assert (two.training_setup.resume, two.training_setup.options()) == (
            one.training_setup.resume,
            one.training_setup.options(),
        )
        two.training_setup.set("seed", 5)
        assert one.training_setup.resume
    finally:
        training.close()


@pytest.mark.parametrize("name", ["picture.bmp", "/dev/full", ""])
def test_a_name_that_no_picture_can_have_is_refused_before_anything_is_loaded(monkeypatch, name):
    monkeypatch.setattr("neuralscope.data_loader.load", lambda *_: pytest.fail("loaded"))
    with pytest.raises(InputError, match=r"^--save .*: pictures end in \.png, \.pdf, \.svg; name such a file$"):
        main(["--save", name])
