"""NeuralScope: train a small neural network in NumPy, then see inside it."""

from neuralscope.lazy_names import lazy_names

__version__ = "0.3.0"
HOMES = {  # the way in: what dir(neuralscope) lists
    "load": "data_loader", "Dataset": "data_loader", "Digits": "data_loader",
    "as_digit": "images.preprocessing", "find_digits": "images.segmentation",
    "Network": "network.model", "Trace": "network.model", "evaluate": "network.evaluation",
    "Trainer": "network.trainer", "TrainingOptions": "network.options",
    "Predictor": "predictor", "dataset_from_arrays": "array_data",
    "train": "api.training", "NeuralScopeClassifier": "api.estimator",
    "check": "api.checking", "check_code": "checkup.code.check_code",
    "figure": "api.still", "show": "api.window",
    "analysis": "analysis", "data_loader": "data_loader", "images": "images", "network": "network",
}
__all__ = sorted(HOMES)
__getattr__, __dir__ = lazy_names(__name__, HOMES)
