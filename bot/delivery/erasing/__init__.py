"""Forgetting people: the wish is kept first, then carried out everywhere, however often it has to be tried."""
