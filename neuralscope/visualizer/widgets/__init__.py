"""Panels that several views use, one a file, and the texts in them: artists are made once and then only given data."""
