"""Reads a message once: words of data/lexicon.yml and templates of data/grammar.yml become a frame. Knows no Rasa."""
