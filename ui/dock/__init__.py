"""The dock: one page from the scene to the result, one for the threshold, one for the runs."""
