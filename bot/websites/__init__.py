"""Websites that embed the chat, as their owners set them up in the console."""
