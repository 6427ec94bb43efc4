"""Who may import whom, and what an import may load."""

import ast
import functools
import importlib
import re
import subprocess
import sys

import pytest

from tests.helpers.environment import PROJECT

MODULES = {".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
           for path in sorted((PROJECT / "neuralscope").rglob("*.py"))}
BASE = ("quiet_start", "errors", "formatting", "lazy_names", "short_repr", "file_locks", "safe_files", "stop_signals",
        "cli")
# Packages and what lies beside them, from the ground up: what each may import, which stands above it here.
ARROWS = {
    "images": {*BASE},
    "datasets": {*BASE, "images"},
    "data_loader": {*BASE, "images", "datasets"},
    "array_data": {*BASE, "datasets", "data_loader"},
    "network": {*BASE, "images"},
    "analysis": {*BASE, "network"},
    "runs": {*BASE, "images", "datasets", "data_loader", "network"},
    "checkup": {*BASE, "images", "datasets", "data_loader", "network", "analysis", "runs"},
    "predictor": {*BASE, "images", "datasets", "network"},
    "predict": {*BASE, "images", "datasets", "data_loader", "network", "runs", "predictor"},
    "export": {*BASE, "data_loader", "network", "runs"},
    "visualizer.drawing": set(),
    "visualizer.session": {*BASE, "images", "datasets", "network", "analysis", "runs", "checkup"},
    "visualizer.input": {*BASE, "datasets", "visualizer.session"},
    "visualizer.live": {*BASE, "network", "runs", "visualizer.session", "visualizer.input"},
    "visualizer.widgets": {*BASE, "network", "analysis", "visualizer.drawing", "visualizer.session",
                           "visualizer.input"},
    "visualizer.app": {*BASE, "visualizer.drawing", "visualizer.session", "visualizer.input", "visualizer.live",
                       "visualizer.widgets"},
    "visualizer.views": {*BASE, "images", "network", "analysis", "checkup", "visualizer.drawing", "visualizer.session",
                         "visualizer.input", "visualizer.live", "visualizer.widgets", "visualizer.app"},
    "visualizer.toolkits": {*BASE, "datasets"},
    "visualizer.desktop": {*BASE, "visualizer.toolkits", "visualizer.drawing", "visualizer.app", "visualizer.views"},
    "visualizer.arguments": {*BASE, "images", "datasets", "data_loader", "network", "runs"},
    "visualizer.server": {*BASE, "images", "datasets", "predictor", "visualizer.drawing", "visualizer.session",
                          "visualizer.live", "visualizer.widgets", "visualizer.app", "visualizer.views"},
    "visualizer.notebook": {*BASE, "visualizer.live", "visualizer.app", "visualizer.server"},
    "api": {*BASE, "images", "datasets", "data_loader", "array_data", "network", "runs", "checkup",
            "visualizer.drawing", "visualizer.session", "visualizer.app", "visualizer.views", "visualizer.desktop",
            "visualizer.arguments", "visualizer.server", "visualizer.notebook"},
}


@functools.cache
def imported(module):
    """Return the modules of this project that a module imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import hides where it goes"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                found.add(inside if inside in MODULES else node.module)
    return {name for name in found if name.split(".")[0] == "neuralscope"} - {"neuralscope", module}


def package(module):
    """Return the row of the table that a module belongs to: "network" of "neuralscope.network.model"."""
    parts = module.split(".")[1:]
    return ".".join(parts[:2] if parts[:1] == ["visualizer"] else parts[:1])


def test_the_table_goes_from_the_ground_up():
    order = [*BASE, *ARROWS]
    assert not [(name, other) for name, others in ARROWS.items() for other in others
                if order.index(other) >= order.index(name)]
    assert {package(module) for module in MODULES} - {"", "__main__", "visualizer", "visualizer.__main__"} == set(order)


def test_imports_go_down_the_table():
    strays, order = [], [*BASE]
    for module in MODULES:
        name, targets = package(module), {package(target) for target in imported(module)}
        assert not any(target.endswith("__main__") for target in imported(module)), "nobody imports a __main__"
        if module.endswith("__main__") or name in ("", "visualizer"):
            continue
        allowed = ARROWS[name] if name in ARROWS else set(order[:order.index(name)])
        strays += [(module, target) for target in targets - allowed - {name}]
    assert not strays


def test_no_package_imports_itself_in_a_circle():
    """Within a package too, modules are in an order: each can be read before those that use it."""
    state = {}

    def visit(module, trail):
        assert state.get(module) != "open", " -> ".join([*trail, module])
        if module not in state:
            state[module] = "open"
            for target in sorted(imported(module)):
                visit(target, [*trail, module])
            state[module] = "done"

    for module in MODULES:
        visit(module, [])


def test_views_do_not_import_each_other():
    folders = {module: module.split(".")[3] for module in MODULES if module.startswith("neuralscope.visualizer.views.")}
    assert not [(module, target) for module, folder in folders.items() for target in imported(module)
                if folders.get(target, folder) != folder]


def test_every_file_says_first_what_it_is():
    assert not [module for module, path in MODULES.items() if not module.endswith("__main__")
                and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]


@pytest.mark.parametrize(("program", "never"), [
    ("import neuralscope.network", ("matplotlib", "tensorflow_datasets", "sklearn", "tqdm", "PIL", "tornado")),
    ("from neuralscope.network.importers import keras_file, onnx_file, safetensors_file, torch_model, keras_model",
     ("h5py", "onnx", "safetensors", "google.protobuf", "torch", "keras", "scipy")),
    ("import neuralscope.data_loader", ("matplotlib", "tensorflow_datasets", "sklearn", "tensorflow", "scipy")),
    ("import neuralscope.visualizer.input.keys", ("matplotlib", "numpy")),
    ("import neuralscope.visualizer.app.window, neuralscope.visualizer.views",
     ("matplotlib.pyplot", "matplotlib.animation", "tensorflow_datasets", "sklearn", "scipy", "tornado", "tkinter",
      *(module for module in MODULES if module.count(".") == 4 and module.startswith("neuralscope.visualizer.views.")
        and not module.endswith(("view", "headline"))))),
    ("import neuralscope.analysis.neuron_layout", ("matplotlib", "scipy")),
    ("from neuralscope import data_loader; data_loader.load('digits').test",
     ("tensorflow_datasets", "tensorflow", "matplotlib")),
])
def test_an_import_leaves_the_heavy_things_out(program, never):
    code = f"{program}\nimport sys; print([name for name in {never!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def read_toml(path):
    """Return what a TOML file says."""
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")  # pytest brings the second
    return toml.loads(path.read_text(encoding="utf-8"))


def test_the_packages_that_readme_names_are_declared():
    """Everything imported at any depth is the standard library, this project, or declared in pyproject.toml."""
    project = read_toml(PROJECT / "pyproject.toml")["project"]
    extras = project["optional-dependencies"]
    declared_with_versions = [*project["dependencies"], *extras["formats"], *extras["notebook"]]
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in declared_with_versions]
    spelled = {"scikit-learn": "sklearn", "Pillow": "PIL", "tensorflow-datasets": "tensorflow_datasets"}
    declared = {spelled.get(name, name) for name in names}
    found = set()
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.split(".")[0])
    # by tensorflow-datasets, and without it a line says how to install it; by onnx; by anywidget
    brought = {"pyarrow", "google", "traitlets"}
    assert found - set(sys.stdlib_module_names) - {"neuralscope"} - brought <= declared
