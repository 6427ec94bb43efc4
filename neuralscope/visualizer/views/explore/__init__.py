"""A digit, the hidden activations, the outputs."""
