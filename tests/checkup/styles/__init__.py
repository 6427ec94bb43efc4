"""Networks as students write them, in four styles, each with a switch for a mistake; no line is shared on purpose."""
