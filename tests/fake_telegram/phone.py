"""Draws what the fake Bot API saw as phones side by side, so that an owner sees what students will see.

`UPDATE_DOCS=1 pytest tests/telegram/test_tour.py` writes docs/images/telegram.png with it.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tests.fake_telegram.server import FakeTelegram

STYLE = """
body { margin: 0; padding: 24px; background: #e9ecf1; display: flex; gap: 24px; font: 15px/1.35 sans-serif; }
.phone { width: 372px; height: 812px; border-radius: 28px; background: #d5e3d0; overflow: hidden; display: flex;
  flex-direction: column; border: 8px solid #1d1f24; box-sizing: border-box; flex: none; }
.bar { background: #517da2; color: #fff; padding: 12px 16px; font-weight: 600; }
.talk { flex: 1; overflow: hidden; padding: 10px 10px 14px; display: flex; flex-direction: column;
  justify-content: flex-end; gap: 6px; }
.talk.top { justify-content: flex-start; }
.said { max-width: 88%; border-radius: 12px; padding: 7px 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
.me { align-self: flex-end; background: #effdde; }
.bot { align-self: flex-start; background: #fff; }
.said img { display: block; width: 100%; border-radius: 8px; margin-bottom: 4px; }
.file { color: #2f6ea5; font-weight: 600; }
.keys { align-self: flex-start; width: 88%; display: flex; flex-direction: column; gap: 4px; }
.row { display: flex; gap: 4px; }
.row span { flex: 1; background: #6b8f6b; color: #fff; border-radius: 8px; padding: 7px 4px; text-align: center;
  font-size: 14px; }
a { color: #2f6ea5; }
q { display: block; quotes: none; max-height: 4.1em; overflow: hidden; border-left: 3px solid #6aa3cf;
  padding: 0 0 0 7px; background: #eef5fb; border-radius: 4px; margin: 2px 0; color: #333; }
u { display: inline-block; width: 11px; height: 11px; border-radius: 50%; }
"""


SIGNS = {
    "🟢": '<u style="background:#2f9e5b"></u>',
    "🟠": '<u style="background:#e08600"></u>',
    "🔴": '<u style="background:#c5362c"></u>',
    "⏰": "◷",
    "📎": "▤",
}


def entries(api: FakeTelegram, chat: int) -> list[tuple[int, str]]:
    """Every message of a chat, as HTML with its number; edited ones as they look at the end."""
    pictures = iter([call.params["photo"] for call in api.called("sendPhoto") if call.params["chat_id"] == chat])
    return [(number, _entry(message, pictures)) for number, message in sorted(api._chats[chat].items())]


def page(phones: Iterable[tuple[str, Sequence[str]]]) -> str:
    """An HTML page with a phone for each part of the talk; `top` keeps the beginning in view, `bottom` the end."""
    drawn = "".join(map(_phone, phones))
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{drawn}"


def _phone(shown: tuple[str, Sequence[str]]) -> str:
    side, talk = shown
    bar = '<div class="bar">Rotation Bot</div>'
    return f'<div class="phone">{bar}<div class="talk {escape(side)}">{"".join(talk)}</div></div>'


def photograph(html: str, target: Path, *, chromium: Path, width: int) -> None:
    """A PNG of the page, in few colors so that it stays small."""
    from PIL import Image

    source = target.with_suffix(".html")
    source.write_text(html, encoding="utf8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    size = [f"--window-size={width},860", "--hide-scrollbars", f"--screenshot={target}"]
    subprocess.run([chromium, *flags, *size, source.as_uri()], check=True, capture_output=True, timeout=90)
    source.unlink()
    Image.open(target).convert("RGB").quantize(64).save(target, optimize=True)


def _entry(message: dict[str, Any], pictures: Any) -> str:
    if not message["from"]["is_bot"]:
        return f'<div class="said me">{escape(message.get("text") or "")}</div>'
    text = message.get("text") or message.get("caption") or ""
    words = marked(text, message.get("entities") or message.get("caption_entities") or [])
    above = ""
    if "photo" in message:
        above = f'<img src="data:image/png;base64,{base64.b64encode(next(pictures, b"")).decode()}">'
    if "document" in message:
        above = f'<span class="file">▤ {escape(message["document"]["file_name"])}</span>\n'
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    keys = "".join(map(_keys, rows))
    return f'<div class="said bot">{above}{words}</div>' + (f'<div class="keys">{keys}</div>' if keys else "")


def _keys(row: Iterable[dict[str, str]]) -> str:
    keys = "".join(f"<span>{escape(key['text'])}</span>" for key in row)
    return f'<div class="row">{keys}</div>'


def marked(text: str, entities: Iterable[dict[str, Any]]) -> str:
    """The text with its entities as HTML again (offsets of the fake are letters)."""
    tags = {"bold": "b", "italic": "i", "text_link": "a", "expandable_blockquote": "q"}
    opening: dict[int, str] = {}
    closing: dict[int, str] = {}
    for entity in sorted(entities, key=lambda item: -item["length"]):
        tag, start, end = tags.get(entity["type"], "span"), entity["offset"], entity["offset"] + entity["length"]
        opening[start] = opening.get(start, "") + f"<{tag}>"
        closing[end] = f"</{tag}>" + closing.get(end, "")
    letters = (closing.get(at, "") + opening.get(at, "") + _letter(letter) for at, letter in enumerate(text))
    html = "".join(letters) + closing.get(len(text), "")
    return html.replace("\n<q>", "<q>").replace("</q>\n", "</q>")


def _letter(letter: str) -> str:
    """A letter as HTML; the signs that a machine without emoji lacks are drawn."""
    return SIGNS.get(letter) or escape(letter)
