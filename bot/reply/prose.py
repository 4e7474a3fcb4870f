"""The small Markdown of answers as HTML, for those who show it in a page: emphasis, links, lists, line breaks."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True}).enable(["emphasis", "link", "list", "newline"])


def prose(text: str) -> Markup:
    """The text as HTML; whatever is a tag in it stays a word."""
    return Markup(_MARKDOWN.render(text))
