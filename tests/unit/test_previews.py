"""How a reply looks on the website, as the console shows it."""

from bot.previews import on_the_web
from bot.reply.parts import Reply, Text


def test_the_longer_article_is_folded_below_its_text_and_never_markup() -> None:
    shown = on_the_web(Reply((Text("Short.", more="**Long** <b>x</b>"), Text("Last."))))
    fold = "<details><summary>More</summary><p><strong>Long</strong> &lt;b&gt;x&lt;/b&gt;</p>\n</details>"
    assert f"<p>Short.</p>\n{fold}<p>Last.</p>" in shown


def test_a_text_without_an_article_has_no_fold() -> None:
    assert "<details" not in on_the_web(Reply((Text("Short."),)))
