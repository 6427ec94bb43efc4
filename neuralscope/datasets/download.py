"""Download published files through tensorflow-datasets, in a process of its own that can be given up.

tensorflow-datasets sets no time limit, tries eleven times (205 seconds without a network), and its threads cannot be
stopped. So ``fetch`` starts this module as a program, watches the folder that it fills, and ends it when nothing moves.
The caller imports neither tensorflow-datasets nor, where that is installed, TensorFlow.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from neuralscope.datasets import registry
from neuralscope.errors import InputError

ANSWER_TIMEOUT_S = 2.0  # from the question to the server's first answer; all of a load that fails must fit into 5
STALL_TIMEOUT_S = 20.0  # without a sign of life, before the question (a cold disk) and after the answer
ASKED_MARK, ANSWERED_MARK = "asked", "answered"  # files by which the program tells how far it is
EXIT_FAILED = 2
# Ctrl-C on the terminal is the caller's alone to answer: it ends the program below it.
DETACHED_PROCESS_OPTIONS: dict[str, Any] = (
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined]
    if os.name == "nt" else {"start_new_session": True}
)


def fetch(name: str, files: Sequence[str], folder: str | os.PathLike) -> None:
    """Download the named packed files of the set ``name`` into ``folder``; progress goes to stderr.

    Raises InputError in words: no network, no answer, a stall, a missing file, a wrong checksum, a full disk.
    """
    known = registry.file_records(name)
    if not set(files) <= set(known):
        raise _download_error(name, "the installed tensorflow-datasets has no record of it (4.9.4 or later is needed)")
    command = [sys.executable, "-W", "ignore", "-m", "neuralscope.datasets.download",
               registry.checksum_file(name), folder, *files]
    with subprocess.Popen(list(map(str, command)), cwd=Path(__file__).parents[2], encoding="utf-8",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **DETACHED_PROCESS_OPTIONS) as process:
        try:
            stalled = _watch(process, Path(folder))
        finally:
            process.kill()  # also on Ctrl-C: nothing may hold up the way out
        message = process.stdout.read().strip()
    if stalled:
        raise _download_error(name, f"{urlsplit(known[files[0]].url).netloc} {stalled}")
    if process.returncode:
        raise _download_error(name, message or f"the download ended with status {process.returncode}")


def _download_error(name, why):
    return InputError(f"{name} cannot be downloaded: {why}", "check the network",
                      "name a folder with its files by --data-dir or NEURALSCOPE_DATA_DIR")


def _watch(process, folder):
    """Wait for the process while its folder grows; return what the server failed to do, or None."""
    seen, since = _file_sizes(folder), time.monotonic()
    while process.poll() is None:
        now = time.monotonic()
        if _file_sizes(folder) != seen:
            seen, since = _file_sizes(folder), now
        asked, answered = ((folder / mark).exists() for mark in (ASKED_MARK, ANSWERED_MARK))
        limit = ANSWER_TIMEOUT_S if asked and not answered else STALL_TIMEOUT_S
        if now - since > limit:
            return "does not answer" if limit == ANSWER_TIMEOUT_S else f"sent nothing for {limit:.0f} seconds"
        time.sleep(0.02)
    return None


def _file_sizes(folder):
    """Return names and sizes of all files; files may come and go meanwhile."""
    found = {}
    for directory, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(directory, name)
            with contextlib.suppress(OSError):
                found[path] = os.path.getsize(path)
    return found


def main(records_path: str, folder: str, *files: str) -> int:
    """Run as the program that downloads; return its exit status, with one line on stdout for a failure."""
    known = registry.read_checksum_file(records_path)
    urls = {file: known[file].url for file in files}
    try:
        _check_server(urls[files[-1]], Path(folder))
        _download(records_path, Path(folder), urls)
    except InputError as error:
        print(error)
        return EXIT_FAILED
    except ImportError as error:
        print(f"tensorflow-datasets cannot be imported ({error})")
        return EXIT_FAILED
    except OSError as error:  # of the disk; those of the network are InputErrors by now
        print(error.strerror or error)
        return EXIT_FAILED
    return 0


def _check_server(url, folder):
    """Raise InputError unless the server answers one short request, by the same proxies as the download."""
    import requests

    (folder / ASKED_MARK).touch()
    host = urlsplit(url).netloc
    try:
        with requests.get(url, stream=True, timeout=ANSWER_TIMEOUT_S) as response:
            status = response.status_code
            next(response.iter_content(1), None)  # a server that sends headers alone has not answered
    except requests.RequestException as error:
        # of a body that does not come, requests tells as of a broken connection
        too_slow = requests.Timeout, requests.packages.urllib3.exceptions.ReadTimeoutError
        if isinstance(error, too_slow) or isinstance(next(iter(error.args), None), too_slow):
            raise InputError(f"{host} does not answer") from None
        raise InputError(f"{host} cannot be reached ({type(error).__name__})") from None
    (folder / ANSWERED_MARK).touch()
    if status != requests.codes.ok:
        raise InputError(f"{host} answers {status} for {url}")


def _download(records_path, folder, urls):
    """Let tensorflow-datasets download and check ``{file: address}``; move the files into ``folder``."""
    import requests
    import tensorflow_datasets as tfds
    from tensorflow_datasets.core.download.checksums import load_url_infos
    from tensorflow_datasets.core.download.download_manager import NonMatchingChecksumError

    if not (sys.stderr and sys.stderr.isatty()):
        tfds.disable_progress_bar()
    manager = tfds.download.DownloadManager(download_dir=folder / "downloads", url_infos=load_url_infos(records_path),
                                            force_checksums_validation=True)
    try:
        for file, path in manager.download(urls).items():
            os.replace(path, folder / file)
    except NonMatchingChecksumError:
        raise InputError("what arrived has a wrong checksum",
                         "the server or a proxy altered it, or cut it off") from None
    except tfds.download.DownloadError as error:
        raise InputError(" ".join(str(error).split())) from None
    except requests.RequestException as error:
        raise InputError(f"the connection broke off ({type(error).__name__})") from None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
