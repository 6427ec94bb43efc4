"""The confusion matrix, and the digits of a cell."""
