"""What the application says follows the live version."""

from __future__ import annotations

from pathlib import Path

from bot.content.releases.live_responses import LiveResponses
from bot.reply.responses import Responses
from tests.running_app import wait_until


def tree(root: Path, text: str) -> Path:
    (root / "data" / "responses").mkdir(parents=True)
    (root / "data" / "responses" / "talk.yml").write_text(text, encoding="utf8")
    return root


def hello(text: str) -> str:
    return f'responses: {{utter_greet: [{{text: "{text}"}}]}}'


def test_another_live_version_is_said_without_a_restart_and_a_broken_one_is_not(tmp_path: Path) -> None:
    live = [tree(tmp_path / "1", hello("Good day"))]
    words = Responses(LiveResponses(lambda: live[-1], look_every=0))
    assert words.text("utter_greet") == "Good day"
    live.append(tree(tmp_path / "2", hello("Hello")))
    wait_until(lambda: words.text("utter_greet") == "Hello")
    live.append(tree(tmp_path / "3", "responses: [}"))
    assert words.text("utter_greet") == "Hello"
    live.append(tree(tmp_path / "4", hello("Welcome")))
    wait_until(lambda: words.given({}).text("utter_greet") == "Welcome")
    assert "utter_greet" in words
    assert "utter_nothing" not in words
