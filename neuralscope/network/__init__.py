"""The network: its formulas, its training, its files. Knows NumPy only; no screen, no download.

The names load on first use: ``python -m neuralscope.network`` imports this file before its own, and must be able to
catch a Ctrl-C while NumPy loads.
"""

from neuralscope.lazy_names import lazy_names

HOMES = {
    "ACTIVATIONS": "functions", "HEADS": "functions", "INITIALIZERS": "functions", "one_hot": "functions",
    "Layer": "model", "Network": "model", "Trace": "model",
    "check_gradients": "gradient_check", "GradientCheck": "gradient_check",
    "answer": "evaluation", "Answers": "evaluation", "evaluate": "evaluation", "Evaluation": "evaluation",
    "wilson_interval": "evaluation",
    "load": "storage", "save": "storage", "find_weights": "storage", "SavedNetwork": "storage",
    "OPTIMIZERS": "optimizers", "SCHEDULES": "optimizers",
    "TrainingOptions": "options",
    "Trainer": "trainer", "train": "trainer",
    "StepReport": "reports", "EpochReport": "reports", "DivergenceError": "reports",
}
__all__ = sorted(HOMES)
__getattr__, __dir__ = lazy_names(__name__, HOMES)
