"""The same window in a browser, by Matplotlib's WebAgg canvas in a tornado server on this machine alone."""
