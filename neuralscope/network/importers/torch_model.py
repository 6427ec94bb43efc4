"""A live ``torch.nn.Sequential``, read by what its modules say of themselves; PyTorch is not imported."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from neuralscope.errors import InputError
from neuralscope.network.importers.foreign import ForeignNetwork
from neuralscope.network.importers.operation_chain import OperationChain, refusal

MODULES = "torch.nn.modules."  # in which PyTorch's own modules are
FORMAT = "PyTorch"


def is_own(kind: type) -> bool:
    """Say whether a class is one of PyTorch's own."""
    return kind.__module__.startswith(MODULES)


@np.errstate(all="ignore")  # what is not finite is shown where it is
def read_model(model: Any) -> ForeignNetwork:
    """Return the ForeignNetwork of a ``torch.nn.Sequential``.

    Raises InputError, with the name of the module, for what is no chain of fully connected layers.
    """
    if not is_sequential(model):
        raise InputError(f"it is a {type(model).__name__}, whose code alone says what it computes",
                         "give a torch.nn.Sequential, or its state_dict()")
    chain, hooked = OperationChain(), False
    for place, module in enumerate(modules(model), 1):
        hooked |= bool(module._forward_hooks or module._forward_pre_hooks)
        name = type(module).__name__
        if not is_own(type(module)):
            raise refusal(place, f"{name}, a class of its author's")
        if name not in ADDERS:
            raise refusal(place, name)
        try:
            ADDERS[name](chain, module)
        except InputError as error:
            raise error.prefixed(f"layer {place}, {name}: ") from None
    if hooked:
        chain.leave_out("hooks")
    return chain.fold(FORMAT)


def is_sequential(model: Any) -> bool:
    """Say whether a module runs its children one after the other, as torch.nn.Sequential does."""
    parents = [kind for kind in type(model).__mro__ if is_own(kind) and kind.__name__ == "Sequential"]
    return bool(parents) and getattr(type(model), "forward", None) is getattr(parents[0], "forward", None)


def modules(model: Any) -> Iterator[Any]:
    """Yield the modules of a Sequential in their order, those of others within it too."""
    for module in model.children():
        if is_sequential(module):
            yield from modules(module)
        else:
            yield module


def as_array(tensor: Any) -> np.ndarray:
    """Return the values of a tensor, of whatever device and dtype."""
    tensor = tensor.detach().cpu()
    return tensor.double().numpy() if tensor.is_floating_point() else tensor.numpy()  # NumPy knows no bfloat16


def add_linear(chain: OperationChain, module: Any) -> None:
    """Add Linear, whose weights are (outputs, inputs)."""
    if module.weight is None or not hasattr(module.weight, "detach") or module.weight.ndim != 2:
        raise InputError("it has no weights yet", "run it once on a batch")
    chain.dense(as_array(module.weight).T, None if module.bias is None else as_array(module.bias), "Linear")


def add_batch_norm(chain: OperationChain, module: Any) -> None:
    """Add BatchNorm1d by the mean and variance that it collected while training."""
    if module.running_mean is None:
        raise InputError("it keeps no running statistics", "each of its answers depends on the batch")
    gain, shift = (default if values is None else as_array(values)
                   for values, default in ((module.weight, 1.0), (module.bias, 0.0)))
    chain.normalize(as_array(module.running_mean), np.sqrt(as_array(module.running_var) + module.eps), "BatchNorm1d",
                    gain, shift)


def add_flatten(chain: OperationChain, module: Any) -> None:
    """Add Flatten of all but the batch."""
    if (module.start_dim, module.end_dim) != (1, -1):
        raise InputError(f"it is from dimension {module.start_dim} to {module.end_dim}", "1 to -1 is read")
    chain.flatten("Flatten")


def add_gelu(chain: OperationChain, module: Any) -> None:
    """Add GELU of either form."""
    chain.activate("gelu-tanh" if module.approximate == "tanh" else "gelu")


def add_softplus(chain: OperationChain, module: Any) -> None:
    """Add Softplus; it is a straight line above the threshold, which from 20 on is no difference."""
    if module.beta != 1 or module.threshold < 20:
        raise InputError(f"its beta is {module.beta:g} and its threshold {module.threshold:g}", "1 and 20 are read")
    chain.activate("softplus")


def add_softmax(chain: OperationChain, module: Any) -> None:
    """Add Softmax or LogSoftmax over the classes."""
    if module.dim not in (None, 1, -1):
        raise InputError(f"it is over dimension {module.dim}", "1 or -1, the classes, is read")
    chain.activate("softmax")


def activate(name: str) -> Callable[[OperationChain, Any], None]:
    """Return what adds an activation that has no settings."""
    return lambda chain, module: chain.activate(name)


def leave_out(chain: OperationChain, module: Any) -> None:
    """Leave out what changes nothing in use."""
    chain.leave_out(type(module).__name__)


ADDERS: dict[str, Callable[[OperationChain, Any], None]] = {
    "Linear": add_linear, "BatchNorm1d": add_batch_norm, "Flatten": add_flatten, "GELU": add_gelu,
    "Softplus": add_softplus, "Softmax": add_softmax, "LogSoftmax": add_softmax,
    "LeakyReLU": lambda chain, module: chain.rectify(module.negative_slope),
    "ELU": lambda chain, module: chain.elu(module.alpha),
    "ReLU": activate("relu"), "Sigmoid": activate("sigmoid"), "Tanh": activate("tanh"), "SiLU": activate("silu"),
    "Identity": leave_out, "Dropout": leave_out, "AlphaDropout": leave_out, "FeatureAlphaDropout": leave_out,
}
