"""One step of learning on the digit shown, and what is forgotten for it."""
