"""The network at epochs of its training."""
