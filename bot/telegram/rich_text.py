"""Text with marks (bold, italic, links) as values, so that it can be cut anywhere and still be correct HTML.

The bot's small Markdown is read into spans; spans become Telegram's HTML. Words from data never pass as markup: they
enter as plain spans and are escaped at the very end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

LIMIT = 4096
CAPTION_LIMIT = 1024
GAP = "\n\n"
_INLINE = re.compile(
    r"\[(?P<words>[^\]\n]+)\]\((?P<url>[^()\s]+)\)|\*\*(?P<bold>.+?)\*\*(?!\*)|\*(?P<italic>[^*\s](?:[^*\n]*[^*\s])?)\*"
)
_BULLET = re.compile(r"^(\s*)[-*•]\s+", re.MULTILINE)
_LINK = re.compile(r"https?://[^\s/.\"<>]+\.[^\s\"<>]+", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")
# Where a text may be cut, best first.
_CUTS = ("\n\n", "\n", ". ", "? ", "! ", "; ", " ")


@dataclass(frozen=True)
class TextRun:
    """A run of words with the same marks. `url` is empty or a web address; `folded` words show three lines until they
    are tapped."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""
    folded: bool = False


RichText = tuple[TextRun, ...]


def plain(text: str) -> RichText:
    """Words as they are, without any reading of marks."""
    return (TextRun(text),) if text else ()


def bold(text: str) -> RichText:
    return (TextRun(text, bold=True),) if text else ()


def italic(text: str) -> RichText:
    return (TextRun(text, italic=True),) if text else ()


def link(words: str, url: str) -> RichText:
    """A link, or its words alone when the address is none that a phone may open."""
    return (TextRun(words, url=url if _LINK.fullmatch(url) else ""),) if words else ()


def folded(marked: RichText) -> RichText:
    """Words that unfold when they are tapped."""
    return tuple(replace(span, folded=True) for span in marked)


def markdown(text: str) -> RichText:
    """The small subset: **bold**, *italic*, [links](https://...), lists with "-"; anything else stays as it is."""
    tidy = _BLANK_LINES.sub(GAP, _BULLET.sub(r"\1• ", text.strip()))
    return tuple(_inline(tidy, TextRun("")))


def _inline(text: str, marks: TextRun) -> Iterator[TextRun]:
    at = 0
    for found in _INLINE.finditer(text):
        if found.start() > at:
            yield replace(marks, text=text[at : found.start()])
        at = found.end()
        if found["words"]:
            url = found["url"] if _LINK.fullmatch(found["url"]) else ""
            yield from _inline(found["words"], replace(marks, url=url or marks.url))
        elif found["bold"]:
            yield from _inline(found["bold"], replace(marks, bold=True))
        else:
            yield from _inline(found["italic"], replace(marks, italic=True))
    if at < len(text):
        yield replace(marks, text=text[at:])


def joined(parts: Iterable[RichText], gap: str = GAP) -> RichText:
    """The parts that are not empty, with a gap between them."""
    spans: list[TextRun] = []
    for part in parts:
        if part:
            spans += [*([TextRun(gap)] if spans else []), *part]
    return tuple(spans)


def words_of(marked: RichText) -> str:
    """What is left without marks."""
    return "".join(span.text for span in marked)


def length(text: str) -> int:
    """Telegram's measure: UTF-16 code units of what is shown."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def to_html(marked: RichText) -> str:
    """Telegram's HTML, everything escaped."""
    made = []
    for is_folded, spans in groupby(marked, key=lambda span: span.folded):
        html = "".join(map(_html, spans))
        made.append(f"<blockquote expandable>{html}</blockquote>" if is_folded and html.strip() else html)
    return "".join(made)


def _html(span: TextRun) -> str:
    made = escape(span.text, quote=False)
    if not span.text.strip():
        return made
    for is_marked, tag in ((span.italic, "i"), (span.bold, "b")):
        made = f"<{tag}>{made}</{tag}>" if is_marked else made
    return f'<a href="{escape(span.url)}">{made}</a>' if span.url else made


def pages(blocks: Iterable[RichText], limit: int = LIMIT) -> list[RichText]:
    """The blocks on as few messages as possible, each at most `limit` long; a block is cut only when it must be.

    A block that begins folded stands in a message of its own.
    """
    made: list[RichText] = []
    for block in (piece for whole in blocks for piece in split(whole, limit)):
        together = joined([made[-1], block]) if made else ()
        if made and length(words_of(together)) <= limit and not (block[0].folded or made[-1][0].folded):
            made[-1] = together
        else:
            made.append(block)
    return made


def split(marked: RichText, limit: int = LIMIT) -> list[RichText]:
    """Pieces of at most `limit`, cut at a paragraph, a line, a sentence or a word; nothing but space is lost."""
    pieces = []
    while length(words := words_of(marked)) > limit:
        at = _cut(words, limit)
        first, marked = _strip(_until(marked, at)), _strip(_from(marked, at))
        if first:
            pieces.append(first)
    last = _strip(marked)
    return [*pieces, last] if last else pieces


def _cut(words: str, limit: int) -> int:
    """The best place to cut before `limit` units."""
    most = _within(words, limit)
    for mark in _CUTS:
        at = words.rfind(mark, most // 3, most)
        if at > 0:
            return at + len(mark)
    return most


def _within(words: str, limit: int) -> int:
    """How many letters fit into `limit` units."""
    units = 0
    for at, letter in enumerate(words):
        units += 1 + (ord(letter) > 0xFFFF)
        if units > limit:
            return at
    return len(words)


def _until(marked: RichText, at: int) -> RichText:
    kept = []
    for span in marked:
        if at <= 0:
            break
        kept.append(replace(span, text=span.text[:at]))
        at -= len(span.text)
    return tuple(kept)


def _from(marked: RichText, at: int) -> RichText:
    kept = []
    for span in marked:
        if at < len(span.text):
            kept.append(replace(span, text=span.text[max(at, 0) :]))
        at -= len(span.text)
    return tuple(kept)


def _strip(marked: RichText) -> RichText:
    """Without space at both ends."""
    spans = [span for span in marked if span.text]
    while spans and not spans[0].text.strip():
        spans.pop(0)
    while spans and not spans[-1].text.strip():
        spans.pop()
    if spans:
        spans[0] = replace(spans[0], text=spans[0].text.lstrip())
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip())
    return tuple(spans)


def shortened(text: str, most: int) -> str:
    """At most `most` letters, cut at a word and marked with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:") + "…"
