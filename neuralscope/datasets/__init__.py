"""The ways digits come in: published files, folders, CSV files, a download, and the cache of what was read."""
