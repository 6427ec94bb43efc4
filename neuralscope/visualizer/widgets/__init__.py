"""The pictures of the window, one each: they make their artists once and then only set data."""
