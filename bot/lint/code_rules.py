"""No words in Python, no patterns on what people write, and an engine that knows nothing of the bot.

How long functions are is ruff's matter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bot.lint.source import Content

SPEAKS = frozenset({"Text", "Notice", "Suggestion", "utter_message"})
FEATURES = (
    *("advice", "costs", "delivery", "dialogue", "handoff", "linking", "nlu", "programs", "reminders", "reply"),
    *("telegram", "timeline", "web"),
)
SPEAKING = ("actions/", *(f"bot/{name}/" for name in FEATURES))
FEWEST_WORDS_OF_A_TEXT = 3
ENGINE = "engine/"
# What is read by patterns is not what people mean: that is the engine's, with data/lexicon.yml and data/grammar.yml.
READ_BY_PATTERNS = {
    "personal data, taken out before anything is stored": ("bot/delivery/personal/", "bot/delivery/redaction.py"),
    "characters": ("bot/delivery/normalization.py", "bot/delivery/intake.py"),
    "a wish to be forgotten, also while the engine is away": ("bot/handoff/wishes.py",),
    "rows of programs and facts, their notes and names": (
        *("bot/programs/catalog.py", "bot/programs/facets.py", "bot/programs/fact_words.py", "bot/programs/fields.py"),
        *(
            "bot/programs/closed_months.py",
            "bot/programs/institutions.py",
            "bot/programs/notes.py",
            "bot/programs/rows.py",
        ),
        *("bot/programs/upkeep/service.py", "bot/timeline/rules.py"),
    ),
    "public web pages, which nobody wrote to us": (
        *("bot/programs/sources/page_text.py", "bot/programs/sources/passages.py"),
    ),
    "settings, and names of zones": ("bot/handoff/office_hours.py", "bot/reminders/zones.py"),
    "the bot's own words": ("actions/dialogue/acts.py", "bot/reply/responses.py", "bot/telegram/rich_text.py"),
    "addresses, ids and commands": (
        *("bot/telegram/connection.py", "bot/telegram/receiving.py", "bot/telegram/updates.py"),
        *("bot/web/reply_json.py", "bot/web/widget.py"),
    ),
}
"""What patterns read in the bot's features, and where."""
MAY_HAVE_PATTERNS = tuple(place for places in READ_BY_PATTERNS.values() for place in places)
PATTERNS = frozenset({"re", "regex"})
STRANGERS_OF_THE_ENGINE = frozenset({"bot", "actions"})


def check_code(content: Content) -> None:
    """Each module in turn."""
    for file in content.code:
        for node in ast.walk(content.tree(file)):
            if isinstance(node, ast.Call):
                _check_words(content, file, node)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                _check_import(content, file, node)


def _check_words(content: Content, file: str, call: ast.Call) -> None:
    named = [item.value for item in call.keywords if item.arg == "text"]
    spoken = [*call.args, *named] if _called(call) in SPEAKS else named
    for value in spoken if file.startswith(SPEAKING) else ():
        for literal in _literals(value):
            if len(literal.split()) >= FEWEST_WORDS_OF_A_TEXT:
                content.report(file, value.lineno, "words in Python; they belong in data/responses")


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may become: also pasted together, chosen between, or with gaps to fill."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(item.value) if isinstance(item, ast.Constant) else "x" for item in node.values)
    elif isinstance(node, ast.BinOp):
        yield " ".join((*_literals(node.left), *_literals(node.right)))
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        for item in (node.body, node.orelse) if isinstance(node, ast.IfExp) else node.values:
            yield from _literals(item)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _literals(node.func.value)


def _check_import(content: Content, file: str, node: ast.Import | ast.ImportFrom) -> None:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    for name in names:
        if file.startswith(ENGINE) and name.partition(".")[0] in STRANGERS_OF_THE_ENGINE:
            content.report(file, node.lineno, f"the engine imports {name}; it knows nothing of the bot")
        if name in PATTERNS and file.startswith(SPEAKING) and not file.startswith(MAY_HAVE_PATTERNS):
            content.report(
                file, node.lineno, f"imports {name}; what people write is read by the engine, with data/grammar.yml"
            )
