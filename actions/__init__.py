"""Thin actions, a file per topic: read the turn, ask a service or core, say it in the words of `data/responses/`."""
