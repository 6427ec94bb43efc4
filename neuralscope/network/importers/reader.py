"""A file of any format, recognised by its content, read into a ForeignNetwork; pickles are refused with the way out."""

import os
from pathlib import Path

from neuralscope.errors import InputError
from neuralscope.network.importers.foreign import NO_ENDS, Ends, ForeignNetwork
from neuralscope.network.importers.formats import FORMATS, FileContent, find_format, function_of, look_into

PICKLE_PROTOCOLS = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))
PICKLE_ENDINGS = (".pkl", ".pickle", ".joblib", ".pt", ".pth")
MODEL_ENDINGS = (".joblib", ".pt", ".pth")  # of which a data set has none
MODEL_LIBRARIES = (b"sklearn", b"torch", b"keras")  # whose names a pickle of a model has near its beginning
OWN_MEMBERS = {"format_version.npy", "activations.npy", "metadata.npy"}
TORCH_REMEDY = ("where you trust it, convert it in Python: s = torch.load({name!r}, weights_only=False); "
                "numpy.savez({new!r}, **{{k: v.numpy() for k, v in getattr(s, 'state_dict', lambda: s)().items()}})")
SKLEARN_REMEDY = ("where you trust it, convert it in Python: m = joblib.load({name!r}); "
                  "numpy.savez({new!r}, *m.coefs_, *m.intercepts_)")
ARRAYS_REMEDY = ("where you trust it, convert it in Python: m = joblib.load({name!r}); "
                 "numpy.savez({new!r}, **m)  # a dict of arrays; *m for a list of them")


def read(path: str | os.PathLike, ends: Ends = NO_ENDS) -> ForeignNetwork:
    """Return the ForeignNetwork in a file, whatever it is called; raises InputError, in a line, for what is none.

    ``ends``: what is known of it, which decides where arrays make more than one network.
    """
    path = Path(path)
    try:
        content = look_into(path)
        row = find_format(content)
        check_no_pickle(path, content, row is None)
        if row is None:
            raise InputError("is empty (zero bytes)" if not content.size else "is no network in a format that is read",
                             f"choose another file; read are {', '.join(row.name for row in FORMATS)}")
        reader = function_of(row.read)
        return reader(path, ends) if row.takes_ends else reader(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file", "check the name") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})", "choose another file") from error
    except MemoryError as error:
        raise InputError(f"{path}: takes more memory than there is", "choose another file") from error
    except InputError as error:
        raise error.prefixed(f"{path}: ") from None


def is_own(content: FileContent) -> bool:
    """Whether a file is one of NeuralScope's own, as `storage.load` reads them."""
    return {*content.members} >= OWN_MEMBERS


def is_pickle(path: Path, content: FileContent, is_unknown: bool) -> bool:
    """Whether a file holds Python's objects: by its content or, where that ``is_unknown``, as compressed, its name."""
    return (content.head.startswith(PICKLE_PROTOCOLS) or any(name.endswith("data.pkl") for name in content.members)
            or (is_unknown and content.size > 0 and path.suffix.lower() in PICKLE_ENDINGS))


def is_pickled_model(path: Path, content: FileContent) -> bool:
    """Whether a file is a pickle of a network, which may be one of pictures too."""
    return is_pickle(path, content, find_format(content) is None) and (
        bool(content.members) or path.suffix.lower() in MODEL_ENDINGS
        or any(name in content.head for name in MODEL_LIBRARIES))


def check_no_pickle(path: Path, content: FileContent, is_unknown: bool) -> None:
    """Raise InputError for a pickle, with the two lines that convert it."""
    if is_pickle(path, content, is_unknown):
        is_torch = content.members or path.suffix.lower() in (".pt", ".pth")
        is_arrays = content.head.startswith(PICKLE_PROTOCOLS) and b"sklearn" not in content.head
        remedy = TORCH_REMEDY if is_torch else ARRAYS_REMEDY if is_arrays else SKLEARN_REMEDY
        remedy = remedy.format(name=path.name, new=f"{path.stem}.npz")
        raise InputError("is a pickle, which can run any program when it is read, and is never read", remedy)
