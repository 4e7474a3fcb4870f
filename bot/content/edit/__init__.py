"""Changes to the content, applied to a tree of files: the repository itself, or a copy of it."""
