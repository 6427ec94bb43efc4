"""What README says is so: its tables are made from the tables of the program, its commands run, its example works.

``python -m tests.test_readme`` writes the tables anew; that of a view whose first key it is goes before the window's.
"""

import dataclasses
import re
import shlex
import subprocess
import sys

import pytest

from neuralscope import predict
from neuralscope.cli import SUBCOMMANDS
from neuralscope.network import load, wilson_interval
from neuralscope.network.__main__ import build_parser
from neuralscope.network.options import TrainingOptions
from neuralscope.visualizer.__main__ import parser
from neuralscope.visualizer.input import keys
from neuralscope.visualizer.views import VIEWS
from tests.helpers.environment import PROJECT, python

README = PROJECT / "README.md"
BENCHMARKS = PROJECT / "benchmarks" / "README.md"
MADE = "written by python -m tests.test_readme"
BLOCK = r"(<!-- {}: .*? -->\n)(.*?)(<!-- end -->)"


def options_table(made, leave_out=()):
    """Return the options of an argparse parser as a table, but for those left out by name."""
    rows = []
    for action in made._actions:
        if {"--help", "--version"} & set(action.option_strings) or action.dest in leave_out:
            continue
        value = "" if action.nargs == 0 else " " + (action.metavar or "|".join(action.choices))
        name = (action.option_strings or [""])[0]
        cells = f"`{(name + value).strip()}`", action.help % {"default": action.default}
        rows.append(markdown_row(*cells))
    return "\n".join(["| option | what it does |", "|---|---|", *rows]) + "\n"


def markdown_row(*cells):
    """Return a row of a Markdown table, in which a bar ends a cell wherever it stands."""
    return f"| {' | '.join(cell.replace('|', f'{chr(92)}|') for cell in cells)} |"


def commands_table():
    """Return the programs as a table."""
    rows = [markdown_row(f"`neuralscope {name}`", f"`python -m {command.module.removesuffix('.__main__')}`",
                         command.summary) for name, command in SUBCOMMANDS.items()]
    return "\n".join(["| command | the same in Python's words | what it does |", "|---|---|---|", *rows]) + "\n"


def tables():
    """Return README's made tables by name."""
    training = {field.name for field in dataclasses.fields(TrainingOptions)} - {"seed"}  # as in the network's
    return {"commands": commands_table(), "keys": keys.as_markdown([keys.window_table(VIEWS)]),
            **{view.__name__.lower(): keys.as_markdown([view.bindings]) for view in VIEWS if view.bindings},
            "visualizer": options_table(parser(), training), "network": options_table(build_parser()),
            "predict": options_table(predict.build_parser())}


def write():
    """Write the tables into README."""
    text = README.read_text(encoding="utf-8")
    for name, table in tables().items():
        if not re.search(BLOCK.format(name), text, flags=re.DOTALL):
            text = text.replace("<!-- keys: ", f"<!-- {name}: {MADE} -->\n<!-- end -->\n\n<!-- keys: ")
        text = re.sub(BLOCK.format(name), lambda found, table=table: found[1] + table + found[3], text, flags=re.DOTALL)
    README.write_text(text, encoding="utf-8")


def test_the_tables_are_those_of_the_program():
    text, made = README.read_text(encoding="utf-8"), tables()
    blocks = {name: re.search(BLOCK.format(name), text, flags=re.DOTALL) for name in made}
    assert all(blocks.values()), "python -m tests.test_readme writes them"
    found = {name: block[2] for name, block in blocks.items()}
    assert found == made, "python -m tests.test_readme writes them anew"


def test_every_row_of_a_table_has_the_cells_of_its_head():
    for table in re.findall(r"(?:^\|.*\n)+", README.read_text(encoding="utf-8"), flags=re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table.splitlines()[0]


def test_the_pictures_are_there():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README.read_text(encoding="utf-8")):
        assert (PROJECT / path).is_file()


@pytest.mark.slow
def test_the_programs_of_the_commands_can_be_started():
    text = "".join(path.read_text(encoding="utf-8") for path in (README, BENCHMARKS))
    programs = set(re.findall(r"python -m (neuralscope\.\w+|pytest|benchmarks\.\w+)", text))
    ours = {f"benchmarks.{path.stem}" for path in BENCHMARKS.parent.glob("*.py")
            if 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")}
    assert {"neuralscope.visualizer", "neuralscope.network", "neuralscope.predict", "pytest"} | ours == programs
    for program in programs:
        done = subprocess.run([sys.executable, "-m", program, "--help"], cwd=PROJECT, check=True, capture_output=True)
        assert b"usage: " in done.stdout


def test_the_figures_of_the_shipped_network_are_its_own():
    facts = load(PROJECT / "trained_weights.npz").metadata
    text = " ".join(README.read_text(encoding="utf-8").split())
    low, high = wilson_interval(facts["test_count"] - facts["test_errors"], facts["test_count"])
    assert (f"{facts['test_errors']} errors on MNIST's {facts['test_count']:,} test digits, "
            f"{facts['test_accuracy']:.2%} (95 % Wilson interval {low:.2%} to {high:.2%})").replace("%", " %").replace(
        "  %", " %") in text


def test_the_record_says_what_its_weights_say():
    facts = load(BENCHMARKS.parent / "record_weights.npz").metadata
    text = (BENCHMARKS.parent / "RECORD.md").read_text(encoding="utf-8")
    assert f"**{facts['test_errors']} errors on the {facts['test_count']:,} test digits" in text
    misread = re.search(r"Misread: ([\d ,\n]+)\.", text)[1]
    assert len(misread.split(",")) == facts["test_errors"]


def test_no_page_holds_a_placeholder():
    for path in (README, BENCHMARKS, BENCHMARKS.parent / "RECORD.md", PROJECT / "tasks.md"):
        assert not re.search(r"@[A-Z]+@|TODO|TABLE\n", path.read_text(encoding="utf-8")), path


@pytest.mark.usefixtures("warm")
def test_the_example_runs_wherever_one_is(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    example = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)[1]
    done = subprocess.run(python(example), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\[\d\]", done.stdout)


def test_the_command_lines_parse():
    for line in re.findall(r"python -m neuralscope\.network (--.*)", README.read_text(encoding="utf-8")):
        build_parser().parse_args(shlex.split(line))


if __name__ == "__main__":
    write()
