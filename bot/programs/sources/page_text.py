"""What a web page says, sentence by sentence, without its navigation and scripts.

selectolax rather than trafilatura: the latter guesses which part of a page matters, so that a new menu may look like a
changed text and a table of fees may be left out. Everything that is read here is everything that stands there.
"""

from __future__ import annotations

import codecs
import re

from selectolax.lexbor import LexborHTMLParser

from bot.programs.notes import sentences

_SILENT = ["script", "style", "noscript", "template", "svg", "nav", "footer", "iframe", "select"]
_BLOCKS = "address,article,blockquote,br,dd,div,dl,figcaption,form,h1,h2,h3,h4,h5,h6,hr,li,main,p,pre,section,table,tr"
_TAG = re.compile(r"<(/?)(?!(?:br|img|input|meta|link|hr|p|li|t[rdh]|option|source|wbr|col)\b)[a-z]", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_MISSING = re.compile(r"\b404\b|\bnot found\b|no longer (?:exists|available)|(?:doesn|can).t (?:exist|be found)", re.I)
_DEEPEST = 2000
LONGEST = 600
"""Characters of a sentence that are kept."""


class UnreadableError(ValueError):
    """There is nothing to be read; the message says why."""


def decode(body: bytes, content_type: str) -> str:
    """The text of a page in the encoding that it names, UTF-8 otherwise."""
    found = _CHARSET.search(content_type.encode("latin-1", "ignore")) or _CHARSET.search(body[:2048])
    try:
        name = codecs.lookup(found[1].decode("ascii") if found else "utf-8").name
        return body.decode(name, "replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def says(html: str) -> tuple[str, ...]:
    """The sentences of a page in their order, each once; a row of a table is one sentence.

    Raises:
        UnreadableError: the page has no text, or is nested so deep that reading it would take minutes.
    """
    if _depth(html) > _DEEPEST:
        raise UnreadableError("it is nested too deep")
    tree = LexborHTMLParser(html)
    tree.strip_tags(_SILENT)
    if tree.body is None:
        raise UnreadableError("it has no text")
    for node in tree.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    for node in tree.css("td,th"):
        node.insert_after(" · ")
    for node in tree.css("dt"):
        node.insert_before("\n")
        node.insert_after(": ")
    for node in tree.css("dt + dd"):
        if node.prev is not None and node.prev.text_content == "\n":
            node.prev.decompose()
    lines = (" ".join(line.split()).strip(" ·") for line in tree.body.text().splitlines())
    found = tuple(dict.fromkeys(part[:LONGEST] for line in lines for part in sentences(line) if len(part) > 2))
    if not found:
        raise UnreadableError("it has no text")
    return found


def is_missing(html: str) -> bool:
    """Whether a page that came with a good status says in its title or first heading that it is not there."""
    tree = LexborHTMLParser(html)
    named = (tree.css_first("title"), tree.css_first("h1"))
    return any(node is not None and _MISSING.search(node.text()) for node in named)


def _depth(html: str) -> int:
    """How many elements are open at once at most; those that close by themselves are not counted."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest
