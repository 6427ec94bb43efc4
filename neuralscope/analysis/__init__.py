"""What a network does with a digit, a class, a test set: exact accounts, which know the network and no screen."""

from neuralscope.lazy_names import lazy_names

HOMES = {
    "Attribution": "attribution", "LocalLinearMap": "attribution", "gradient": "attribution",
    "is_piecewise_linear": "attribution", "local_linear_map": "attribution", "logit_gradient": "attribution",
    "AblatedAnswers": "ablation", "SingleAblations": "ablation", "ablate": "ablation", "ablate_each": "ablation",
    "Backpropagation": "backprop", "backpropagate": "backprop",
    "Connections": "connections", "strongest_connections": "connections",
    "ChangedAnswers": "fine_tuning", "FineTuningEffect": "fine_tuning", "fine_tuned": "fine_tuning",
    "NeuronProfile": "neuron_profile", "TestSetAnalysis": "test_set",
}  # attribution() and neuron_profile() are called as their modules are: ask for them there
__all__ = sorted(HOMES)
__getattr__, __dir__ = lazy_names(__name__, HOMES)
