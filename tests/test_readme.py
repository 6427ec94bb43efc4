"""What README and docs/ say is so: their tables are made from those of the program, commands run, examples work.

``python -m tests.test_readme`` writes the tables anew; that of a view whose first key it is goes before the window's.
"""

import dataclasses
import os
import re
import shlex
import subprocess
import sys

import pytest

from neuralscope import export, predict
from neuralscope.checkup import __main__ as checkup
from neuralscope.cli import SUBCOMMANDS
from neuralscope.network import load, wilson_interval
from neuralscope.network.__main__ import build_parser
from neuralscope.network.importers.formats import FORMATS
from neuralscope.network.options import TrainingOptions
from neuralscope.visualizer.__main__ import parser
from neuralscope.visualizer.input import keys
from neuralscope.visualizer.views import VIEWS
from tests.helpers.environment import PROJECT, python

README = PROJECT / "README.md"
PAGES = (README, *sorted((PROJECT / "docs").glob("*.md")))
MAX_README_WORDS = 1600
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


def formats_table():
    """Return the formats of networks as a table."""
    rows = [markdown_row(row.name, " ".join(f"`{ending}`" for ending in row.endings), ", ".join(row.packages),
                         row.written_as) for row in FORMATS]
    return "\n".join(["| format | named | needs | written as |", "|---|---|---|---|", *rows]) + "\n"


def tables():
    """Return the made tables by name."""
    training = {field.name for field in dataclasses.fields(TrainingOptions)} - {"seed"}  # as in the network's
    return {"commands": commands_table(), "keys": keys.as_markdown([keys.window_table(VIEWS)]),
            **{view.__name__.lower(): keys.as_markdown([view.bindings]) for view in VIEWS if view.bindings},
            "visualizer": options_table(parser(), training), "network": options_table(build_parser()),
            "predict": options_table(predict.build_parser()), "check": options_table(checkup.build_parser()),
            "export": options_table(export.build_parser()), "formats": formats_table()}


def write():
    """Write the tables into their pages."""
    made, pages = tables(), read_pages()
    missing = [name for name in made if not any(re.search(BLOCK.format(name), text, flags=re.DOTALL)
                                                for text in pages.values())]
    for path, text in pages.items():
        for name in missing:
            text = text.replace("<!-- keys: ", f"<!-- {name}: {MADE} -->\n<!-- end -->\n\n<!-- keys: ")
        for name, table in made.items():
            text = re.sub(BLOCK.format(name), lambda found, table=table: found[1] + table + found[3], text,
                          flags=re.DOTALL)
        path.write_text(text, encoding="utf-8")


def read_pages():
    """Return the text of each page."""
    return {path: path.read_text(encoding="utf-8") for path in PAGES}


def test_the_tables_are_those_of_the_program():
    text, made = "".join(read_pages().values()), tables()
    blocks = {name: re.search(BLOCK.format(name), text, flags=re.DOTALL) for name in made}
    assert all(blocks.values()), "python -m tests.test_readme writes them"
    found = {name: block[2] for name, block in blocks.items()}
    assert found == made, "python -m tests.test_readme writes them anew"


def test_every_row_of_a_table_has_the_cells_of_its_head():
    for table in re.findall(r"(?:^\|.*\n)+", "\n".join(read_pages().values()), flags=re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table.splitlines()[0]


def test_pictures_and_pages_that_are_linked_are_there():
    for page, text in read_pages().items():
        for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", text):
            assert not target or (page.parent / target).exists(), (page, target)


def test_every_page_and_notebook_is_one_of_those_that_readme_names():
    text = README.read_text(encoding="utf-8")
    assert all(f"(docs/{path.name})" in text for path in PAGES if path != README)


def test_readme_is_short_and_its_moving_picture_small():
    assert len(README.read_text(encoding="utf-8").split()) <= MAX_README_WORDS
    assert (PROJECT / "docs" / "learning.gif").stat().st_size <= 3 * 2**20


@pytest.mark.slow
def test_the_programs_of_the_commands_can_be_started():
    text = "".join(path.read_text(encoding="utf-8") for path in (*PAGES, BENCHMARKS))
    programs = set(re.findall(r"python -m (neuralscope\.\w+|pytest|benchmarks\.\w+)", text))
    ours = {f"benchmarks.{path.stem}" for path in BENCHMARKS.parent.glob("*.py")
            if 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")}
    commands = {command.module.removesuffix(".__main__") for command in SUBCOMMANDS.values()}
    assert commands | {"pytest"} | ours == programs
    for program in programs:
        done = subprocess.run([sys.executable, "-m", program, "--help"], cwd=PROJECT, check=True, capture_output=True)
        assert b"usage: " in done.stdout


def test_the_figures_of_the_shipped_network_are_its_own():
    facts = load(PROJECT / "trained_weights.npz").metadata
    text = " ".join("".join(read_pages().values()).split())
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
    for path in (*PAGES, BENCHMARKS, BENCHMARKS.parent / "RECORD.md", PROJECT / "tasks.md"):
        assert not re.search(r"@[A-Z]+@|TODO|TABLE\n", path.read_text(encoding="utf-8")), path


EXAMPLES = [pytest.param(example, id=f"{path.stem}-{number}") for path, text in read_pages().items()
            for number, example in enumerate(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL), 1)]


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_runs_wherever_one_is(example, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.delenv("DISPLAY", raising=False)
    done = subprocess.run(python(example), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("warm")
def test_the_accounts_of_an_answer_run(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    text = (PROJECT / "docs" / "python.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```", text, flags=re.DOTALL)[1]
    done = subprocess.run(python(example), cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\[\d\]", done.stdout)


def test_the_command_lines_parse():
    for line in re.findall(r"python -m neuralscope\.network (--.*)", "".join(read_pages().values())):
        build_parser().parse_args(shlex.split(line))


if __name__ == "__main__":
    write()
