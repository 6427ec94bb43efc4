"""Why an answer: attribution, local linear maps, contributions by pixel."""
