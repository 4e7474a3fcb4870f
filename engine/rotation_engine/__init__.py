"""The parts of the assistant that run inside Rasa: entity rules, intent classifier, splitter, decision."""
