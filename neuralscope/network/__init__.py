"""The network: its formulas, its training, its files. Knows NumPy only; no screen, no download.

The names load on first use: ``python -m neuralscope.network`` imports this file before its own, and must be able to
catch a Ctrl-C while NumPy loads.
"""

from importlib import import_module

HOMES = {
    "ACTIVATIONS": "functions", "HEADS": "functions", "INITIALIZERS": "functions", "one_hot": "functions",
    "Layer": "model", "Network": "model", "Trace": "model",
    "check_gradients": "check", "GradientCheck": "check",
    "evaluate": "evaluation", "Evaluation": "evaluation", "wilson_interval": "evaluation",
    "ledger": "explain", "Ledger": "explain", "template": "explain", "Template": "explain",
    "gradient": "explain", "influence": "explain", "is_piecewise_linear": "explain",
    "taught": "teaching", "Effect": "teaching",
    "silence": "ablation", "knocked_out": "ablation", "KnockOuts": "ablation",
    # of these the functions are called as the modules are, or by too general a name: ask for them there
    "Backward": "backward", "Connections": "connections", "Dossier": "dossier",
    "Survey": "survey",
    "load": "storage", "save": "storage", "find_weights": "storage", "SavedNetwork": "storage",
    "Snapshots": "snapshots", "Recorder": "recorder",
    "OPTIMIZERS": "optimizers", "SCHEDULES": "optimizers",
    "TrainingOptions": "options",
    "Trainer": "training", "StepReport": "training", "EpochReport": "training", "DivergenceError": "training",
    "train": "training",
}
__all__ = sorted(HOMES)


def __getattr__(name):
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)


def __dir__():
    return __all__
