"""What a script or a notebook calls: train, show, figure, and the scikit-learn estimator.

Nothing here changes what is the caller's: threads, random state, rcParams, the Matplotlib backend.
"""
