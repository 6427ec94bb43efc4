"""A pad to draw on, and the steps that make a drawing a digit."""
