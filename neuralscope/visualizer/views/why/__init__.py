"""The account of an answer: attribution, local linear maps, contributions by pixel."""
