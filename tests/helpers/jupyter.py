"""A real Jupyter: its server with JupyterLab or Notebook, and a notebook open in a page of the browser."""

import importlib.util
import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from tests.helpers import chromium
from tests.helpers.environment import PROJECT, unavailable

TIMEOUT_S = 60  # seconds
NEEDED = "anywidget", "ipykernel", "jupyterlab", "nbformat", "notebook"
# each program, its own options, and the address below which it shows a notebook
PROGRAMS = {
    "jupyterlab": (["--LabApp.expose_app_in_browser=True",
                    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url="],
                   "lab/tree"),
    "notebook": (["--JupyterNotebookApp.expose_app_in_browser=True"], "notebooks"),
}
IS_IDLE_SCRIPT = ("typeof jupyterapp !== 'undefined' && "
                  "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")

RUN_SCRIPT = """(() => {
  window.printed = "";
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  kernel.requestExecute({ code: %s, store_history: false }).onIOPub = message => {
    printed += message.content.text ?? message.content.evalue ?? "";
  };
})(); 0"""


def require_jupyter():
    """Skip the test, or fail it, where Jupyter or Chromium is missing."""
    missing = [name for name in NEEDED if not importlib.util.find_spec(name)]
    if missing:
        unavailable("notebook", f"needs {', '.join(missing)}: pip install -e '.[notebook-test]'")
    if not chromium.chromium_path():
        unavailable("browser", "needs Chromium")


@contextmanager
def jupyter_server(program, folder, home):
    """Run a program of PROGRAMS on the notebooks in ``folder`` and yield its address; ``home``: its empty one."""
    options, _ = PROGRAMS[program]
    packages = Path(importlib.util.find_spec("anywidget").origin).parents[1]
    shared = packages / "share" / "jupyter"  # where pip --target puts it; else in sys.prefix
    places = [str(shared)] * shared.is_dir()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]), "HOME": str(home),
        "JUPYTER_PATH": os.pathsep.join(places), "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_CONFIG_PATH": str(shared.parents[1] / "etc" / "jupyter"),
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_NO_CONFIG": ""}
    if places:
        environment["JUPYTERLAB_DIR"] = str(shared / "lab")
    command = [sys.executable, "-m", program, "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
               "--ServerApp.port_retries=50", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
               f"--ServerApp.root_dir={folder}", *options]
    with (home / "log.txt").open("wb") as log, subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd=folder) as process:
        try:
            yield wait_for_address(home, process)
        finally:
            process.terminate()


def wait_for_address(home, process):
    """Return the address of a server that writes it into its home once it listens."""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end and process.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            with suppress(ValueError, OSError):  # half written, or it does not listen yet
                address = json.loads(path.read_text())["url"]
                urllib.request.urlopen(f"{address}api/status", timeout=TIMEOUT_S).close()
                return address
        time.sleep(0.1)
    raise AssertionError((home / "log.txt").read_text())


def write_notebook(path, *cells):
    """Write a notebook of these cells of code."""
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)


class NotebookPage:
    """A notebook that is open in a ``page`` of the browser."""

    def __init__(self, page):
        """Drive this page."""
        self.page = page

    async def run_command(self, name):
        """Run a command of Jupyter's own menus."""
        await self.page.value(f"jupyterapp.commands.execute({name!r}); 0")

    async def run_cell(self, number, command="notebook:run-cell"):
        """Run a cell by its number from 0, or do something else with it."""
        await self.page.value(f"jupyterapp.shell.currentWidget.content.activeCellIndex = {number}; 0")
        await self.run_command(command)

    async def count_cells(self):
        """Return how many cells the notebook has."""
        return await self.page.value("jupyterapp.shell.currentWidget.content.widgets.length")

    async def run_code(self, code):
        """Begin to run code in the kernel; what it prints is `printed`."""
        await self.page.value(RUN_SCRIPT % json.dumps(code))

    async def evaluate(self, code):
        """Return what an expression comes to in the kernel, which it is to say as JSON."""
        await self.run_code(f"import json; print(json.dumps({code}))")
        return json.loads(await chromium.wait_until(lambda: self.page.value("window.printed")))

    async def widgets(self, count):
        """Wait until so many windows show a frame."""
        found = "[...document.querySelectorAll('.neuralscope-window canvas')].filter(one => one.width > 300).length"

        async def look():
            return await self.page.value(found) == count

        await chromium.wait_until(look)

    async def box(self, number=0):
        """Bring a window into sight, and return its left, top, width and height."""
        found = await self.page.value(f"""(() => {{
            const canvas = document.querySelectorAll('.neuralscope-window canvas')[{number}];
            canvas.scrollIntoView({{ block: 'center' }});
            const box = canvas.getBoundingClientRect();
            return JSON.stringify([box.left, box.top, box.width, box.height]);
        }})()""")
        return json.loads(found)

    async def spoken(self, words, number=0):
        """Wait until a window says these words to who does not see it, and return all it says."""
        said = ""

        async def look():
            nonlocal said
            said = await self.page.value(
                f"document.querySelectorAll('.neuralscope-window .unseen')[{number}]?.textContent") or ""
            return words in said

        try:
            await chromium.wait_until(look)
        except AssertionError as error:
            raise AssertionError(f"{error} for {words!r}: {said!r}") from error
        return said

    async def outputs(self):
        """Return the text of all outputs."""
        return await self.page.value(
            "[...document.querySelectorAll('.jp-OutputArea-output')].map(one => one.innerText).join('\\n')")


@asynccontextmanager
async def open_notebook(browser_port, program, address, name):
    """Open a notebook in the browser and yield a `NotebookPage`, once its kernel is idle."""
    async with chromium.page_of(browser_port, f"{address}{PROGRAMS[program][1]}/{name}") as page:
        await chromium.wait_until(lambda: page.value(IS_IDLE_SCRIPT))
        yield NotebookPage(page)
