"""Any picture becomes the 28x28 that a network reads, one named step at a time; and warps of such digits."""

from neuralscope.lazy_names import lazy_names

HOMES = {
    "STEPS": "preprocessing", "Preprocessed": "preprocessing", "PreprocessingStage": "preprocessing",
    "as_digit": "preprocessing", "preprocess": "preprocessing", "trace": "preprocessing",  # trace: the old name
    "cut_digit": "segmentation", "find_digits": "segmentation",
    "PREPARATIONS": "deskew", "deskew_digits": "deskew", "prepare": "deskew",
}
__all__ = sorted(HOMES)
__getattr__, __dir__ = lazy_names(__name__, HOMES)
