"""Who may import whom, and what an import may load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
MODULES = {".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"): path
           for path in sorted((PROJECT / "neuralscope").rglob("*.py"))}
NETWORK_CORE = {"network.functions", "network.model", "network.workspace"}
ACCOUNTS = {"network.explain", "network.evaluation", "network.ablation", "network.backward", "network.dossier",
            "network.survey", "network.connections"}
# Module (without "neuralscope.") or package: what it may import; a package stands for all that is in it.
ARROWS = {
    "": set(),
    "errors": set(),
    "files": {"errors"},
    "streams": {"errors", "files"},
    "command_line": {"errors", "streams"},
    "augmentation": set(),
    "sheet": {"augmentation"},
    "grey": {"errors"},
    "pieces": {"errors"},
    "border": set(),
    "ground": {"border", "errors", "pieces"},
    "scaling": set(),
    "page": {"grey", "ground"},
    "preparation": {"augmentation", "errors"},
    "images": {"augmentation", "errors", "grey", "ground", "page", "pieces", "preparation", "scaling"},
    "sources": {"augmentation", "errors", "sources"},
    "sources.folder": {"errors", "files", "grey", "images", "pictures", "sources.published"},
    "data_loader": {"augmentation", "border", "errors", "grey", "ground", "images", "pictures", "pieces", "scaling",
                    "sources"},
    "pictures": {"augmentation", "errors", "grey", "images", "sources"},
    "prediction": {"augmentation", "errors", "images", "page", "pictures", "sources", "network.model",
                   "network.storage", "visualizer.wording"},
    "predict": {"command_line", "errors", "images", "pictures", "prediction"},
    "network": {"errors"},
    "network.functions": {"errors"},
    "network.model": {"errors", "network.functions", "network.workspace"},
    "network.explain": NETWORK_CORE | {"errors"},
    "network.evaluation": NETWORK_CORE | {"errors"},
    "network.ablation": NETWORK_CORE | {"errors"},
    "network.connections": NETWORK_CORE | {"errors"},
    "network.backward": NETWORK_CORE | {"errors", "network.ablation"},
    "network.teaching": NETWORK_CORE | {"errors", "network.ablation", "network.backward", "network.evaluation"},
    "network.dossier": NETWORK_CORE | {"errors"},
    "network.survey": NETWORK_CORE | {"errors", "network.ablation", "network.dossier", "network.evaluation"},
    "network.archive": {"errors"},
    "network.storage": NETWORK_CORE | {"errors", "files", "network.archive"},
    "network.optimizers": {"errors"},
    "network.check": NETWORK_CORE,
    "network.options": NETWORK_CORE | {"errors", "network.optimizers", "augmentation"},
    "network.batches": {"augmentation"},
    "network.state": {"errors"},
    "network.training": NETWORK_CORE | {"errors", "network.optimizers", "network.options", "network.evaluation",
                                        "network.batches", "network.state", "augmentation"},
    "network.report": NETWORK_CORE | {"command_line", "data_loader", "errors", "network.evaluation",
                                      "network.storage"},
    "network.targets": {"errors", "files", "network.lock", "network.snapshots", "network.storage"},
    "network.start": {"network.training"},
    "network.log": {"errors"},
    "network.resuming": {"errors", "network.options", "network.state", "network.storage"},
    "network.lock": {"errors"},
    "network.snapshots": {"errors", "files", "network.archive", "network.storage"},
    "network.recorder": {"errors", "network.evaluation", "network.snapshots", "network.targets"},
    "network.run": {"errors", "network.log", "network.resuming", "network.snapshots", "network.storage",
                    "network.targets", "network.training"},
    "visualizer": set(),
    "visualizer.keys": set(),
    "visualizer.style": set(),
    "visualizer.wording": set(),
    "visualizer.significant": {"visualizer.wording"},
    "visualizer.text": {"visualizer.style"},
    "visualizer.shapes": {"visualizer.style"},
    "visualizer.picture": {"visualizer.style"},
    "visualizer.gaze": set(),
    "visualizer.space": set(),
    "visualizer.ring": {"visualizer.shapes", "visualizer.style"},
    "visualizer.pane": {"visualizer.picture", "visualizer.ring", "visualizer.shapes", "visualizer.space",
                        "visualizer.style"},
    "visualizer.strands": {"visualizer.shapes", "visualizer.style"},
    "visualizer.passage": set(),
    "visualizer.painter": {"visualizer.style"},
    "visualizer.axes": set(),
    "visualizer.moment": NETWORK_CORE | {"network.check", "network.training"},
    "visualizer.face": set(),
    "visualizer.live": {"errors", "network.targets", "visualizer.face", "visualizer.keeping", "visualizer.moment"},
    "visualizer.launch": {"errors", "network.lock", "network.options", "network.recorder", "network.run",
                          "network.snapshots", "network.start", "network.storage", "network.targets",
                          "visualizer.live"},
    "visualizer.worker": {"command_line", "errors", "network.snapshots", "visualizer.face", "visualizer.launch"},
    "visualizer.remote": {"errors", "network.lock", "network.snapshots", "network.targets", "visualizer.face",
                          "visualizer.launch", "visualizer.worker"},
    "visualizer.trainings": {"visualizer.launch", "visualizer.remote", "visualizer.window"},
    "visualizer.plan": {"network.optimizers", "network.options", "network.storage", "visualizer.launch",
                        "visualizer.wording"},
    "visualizer.asked": {"errors", "network.lock", "network.options", "network.targets", "visualizer.launch",
                         "visualizer.plan", "visualizer.wording"},
    "visualizer.dials": {"network.optimizers", "network.options", "visualizer.entry", "visualizer.plan",
                          "visualizer.wording"},
    "visualizer.offers": {"errors", "network.targets", "visualizer.entry", "visualizer.plan", "visualizer.wording"},
    "visualizer.keeping": {"errors", "network.storage", "network.targets", "network.training"},
    "visualizer.opening": {"data_loader", "errors", "images", "network.snapshots", "network.storage", "pictures"},
    "visualizer.pulse": {"visualizer.study"},
    "visualizer.walk": set(),
    "visualizer.trail": set(),
    "visualizer.strokes": {"visualizer.trail"},
    "visualizer.chores": set(),
    "visualizer.saving": {"errors", "files"},
    "visualizer.arrangement": {"errors", "files", "sources.cache", "network.model"},
    "visualizer.study": {"network.survey", "network.model", "visualizer.arrangement", "visualizer.wording"},
    "visualizer.lessons": {"errors", "network.ablation", "network.teaching", "network.model", "visualizer.study"},
    "visualizer.mouse": set(),
    "visualizer.sketch": {"errors", "images", "visualizer.strokes"},
    "visualizer.curves": {"visualizer.shapes", "visualizer.style"},
    "visualizer.past": {"network.ablation", "network.snapshots"},
    "visualizer.travel": {"visualizer.past"},
    "visualizer.player": set(),
    "visualizer.session": ACCOUNTS | {"network.functions", "network.model", "visualizer.gaze", "visualizer.lessons",
                                       "visualizer.plan", "visualizer.sketch", "visualizer.study",
                                       "visualizer.travel", "visualizer.walk", "visualizer.wording"},
    "visualizer.waterfall": {"network.explain"},
    "visualizer.panels": ACCOUNTS | {"visualizer.picture", "visualizer.text", "visualizer.shapes", "visualizer.style",
                                     "visualizer.wording", "visualizer.keys", "visualizer.lessons", "visualizer.panels",
                                     "visualizer.significant", "visualizer.waterfall", "visualizer.curves",
                                     "visualizer.axes", "visualizer.past", "visualizer.pane", "visualizer.ring",
                                     "visualizer.strands",
                                     "network.functions", "network.model", "images"},
    "visualizer.entry": {"errors", "sources.folder", "visualizer.keys", "visualizer.session", "visualizer.wording"},
    "visualizer.cursor": {"visualizer.keys"},
    "visualizer.commands": {"visualizer.entry", "visualizer.panels", "visualizer.saving", "visualizer.session",
                            "visualizer.wording"},
    "visualizer.scope": {"visualizer.keys", "visualizer.chores", "visualizer.commands", "visualizer.entry",
                         "visualizer.launch", "visualizer.mouse", "visualizer.painter", "visualizer.panels",
                         "visualizer.pulse", "visualizer.session", "visualizer.style", "visualizer.wording"},
    "visualizer.movie": {"errors", "files", "visualizer.painter", "visualizer.saving", "visualizer.scope",
                         "visualizer.style"},
    "visualizer.window": {"visualizer.painter", "visualizer.scope", "visualizer.views"},
    "visualizer.views": ACCOUNTS | {"errors", "visualizer.cursor", "visualizer.entry", "visualizer.keys",
                                    "visualizer.panels", "visualizer.session", "visualizer.significant",
                                    "visualizer.sketch", "visualizer.shapes", "visualizer.style", "visualizer.text",
                                    "visualizer.waterfall", "visualizer.wording", "visualizer.views",
                                    "network.model", "visualizer.keeping", "visualizer.movie",
                                    "visualizer.gaze", "visualizer.passage", "visualizer.player", "visualizer.space"},
    "visualizer.browser": {"augmentation", "errors", "pictures", "prediction", "sources", "visualizer.browser",
                           "visualizer.painter", "visualizer.panels", "visualizer.scope", "visualizer.sketch",
                           "visualizer.style", "visualizer.trainings", "visualizer.views", "visualizer.window",
                           "visualizer.wording"},
    "visualizer.views.train": {"visualizer.dials", "visualizer.entry", "visualizer.keeping", "visualizer.keys",
                               "visualizer.launch", "visualizer.offers", "visualizer.panels", "visualizer.plan",
                               "visualizer.views", "visualizer.wording"},
}
MAY_IMPORT_ANYTHING = {"network.__main__", "visualizer.__main__"}


def covers(name, module):
    """Say whether ``name`` is ``module`` or a package that holds it."""
    return module == name or (name != "" and module.startswith(name + "."))


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
    return {name for name in found if name.split(".")[0] == "neuralscope"}


def short(module):
    return module.removeprefix("neuralscope").removeprefix(".")


def allowed(module):
    """Return the arrows of the closest entry of the table."""
    while module and module not in ARROWS:
        module = module.rpartition(".")[0]
    return ARROWS[module]


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module):
    name = short(module)
    targets = {short(target) for target in imported(module)}
    assert not {target for target in targets if target.endswith("__main__")}, "nobody imports a __main__"
    if name in MAY_IMPORT_ANYTHING:
        return
    strays = {target for target in targets if target not in ("", name)
              and not any(covers(arrow, target) for arrow in allowed(name))}
    assert not strays


@pytest.mark.parametrize("view", [name for name in MODULES if ".views." in name and not name.endswith(".view")])
def test_views_do_not_import_each_other(view):
    others = {target for target in imported(view) if ".views." in target}
    assert others <= {"neuralscope.visualizer.widgets.view"}


@pytest.mark.parametrize("module", [name for name in MODULES if not name.endswith("__main__")])
def test_every_file_says_first_what_it_is(module):
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


@pytest.mark.parametrize(("program", "never"), [
    ("import neuralscope.network", ("matplotlib", "tensorflow_datasets", "sklearn", "tqdm", "PIL", "tornado")),
    ("import neuralscope.data_loader", ("matplotlib", "tensorflow_datasets", "sklearn", "tensorflow", "scipy")),
    ("import neuralscope.visualizer.input.keys", ("matplotlib", "numpy")),
    ("import neuralscope.visualizer.app.window, neuralscope.visualizer.views",
     ("matplotlib.pyplot", "tensorflow_datasets", "sklearn", "scipy", "tornado", "tkinter")),
    ("import neuralscope.analysis.neuron_layout", ("matplotlib", "scipy")),
    ("from neuralscope import data_loader; data_loader.load('digits').test",
     ("tensorflow_datasets", "tensorflow", "matplotlib")),
])
def test_an_import_leaves_the_heavy_things_out(program, never):
    code = f"{program}\nimport sys; print([name for name in {never!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_packages_that_readme_names_are_declared():
    """Everything imported at any depth is the standard library, this project, or declared in setup.cfg."""
    import configparser
    import re

    setup = configparser.ConfigParser()
    setup.read(PROJECT / "setup.cfg")
    names = re.findall(r"^([A-Za-z0-9_-]+)", setup["options"]["install_requires"], re.MULTILINE)
    spelled = {"scikit-learn": "sklearn", "Pillow": "PIL", "tensorflow-datasets": "tensorflow_datasets"}
    declared = {spelled.get(name, name) for name in names}
    found = set()
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module.split(".")[0])
    assert found - set(sys.stdlib_module_names) - {"neuralscope"} <= declared
