"""The backward pass for one digit: loss, output deltas, hidden deltas, gradient."""
