"""The parts of the assistant that run inside Rasa: entity rules, intent classifier, splitter, decision."""

from rotation_engine import without_tensorflow

without_tensorflow.install()
