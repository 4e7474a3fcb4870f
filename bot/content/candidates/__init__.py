"""From a set of changes to a live model, and back."""
