"""How a reply looks on a channel, as HTML for the console, which knows no channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from markupsafe import Markup, escape

from bot.reply.parts import Reply
from bot.reply.prose import prose
from bot.reply.responses import Responses
from bot.telegram import render as telegram
from bot.web.reply_json import render_reply


def previews(responses: Responses) -> Mapping[str, Callable[[Reply], Markup]]:
    """A picture of a reply for each channel, by the channel's name."""
    return {"Website": on_the_web, "Telegram": partial(on_telegram, responses=responses)}


def on_the_web(reply: Reply) -> Markup:
    """The texts of a reply as the widget shows them, longer articles folded, with its buttons."""
    shown = render_reply(reply.to_dict())
    texts = "".join(_words(part["text"], part.get("more")) for part in shown["parts"] if "text" in part)
    return _framed("web", Markup(texts), [button["title"] for button in shown["suggestions"]])


def _words(text: str, more: str | None) -> str:
    fold = f"<details><summary>More</summary>{prose(more)}</details>" if more else ""
    return f"{prose(text)}{fold}"


def on_telegram(reply: Reply, *, responses: Responses) -> Markup:
    """The messages of a reply as Telegram shows them; the renderer has escaped everything that is not its own mark."""
    messages = telegram.render(reply, responses, lambda _: "preview")
    texts = Markup("<hr>").join(Markup(message.html) for message in messages)
    keys = [key["text"] for message in messages for row in message.keyboard for key in row]
    return _framed("telegram", texts, keys)


def _framed(channel: str, texts: Markup, keys: list[str]) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(key) for key in keys)
    list_ = Markup('<ul class="keys">{}</ul>').format(items) if keys else ""
    return Markup('<div class="preview {}">{}</div>{}').format(escape(channel), texts, list_)
