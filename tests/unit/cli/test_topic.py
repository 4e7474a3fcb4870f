"""A topic from a file: the form is written, a filled one is read, a broken one is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import topic
from bot.content.edit import tree
from bot.errors import ContentError
from bot.lint import check_training


def test_the_form_is_written_first_and_is_a_topic_itself(tmp_path: Path) -> None:
    path = tmp_path / "parking.yml"
    topic.add(path)
    assert topic.read_topic(path).intent == "faq_parking"


def test_a_filled_form_goes_into_a_tree_that_the_lint_likes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, path = tmp_path / "tree", tmp_path / "parking.yml"
    tree.copy_content(root)
    monkeypatch.setattr(topic, "ROOT", root)
    more = "".join(f"  is there parking for rotators: case {number}\n" for number in range(30))
    path.write_text(topic.TEMPLATE.replace("  where do I park\n", more), encoding="utf8")
    topic.add(path)
    assert check_training(root) == []
    before = tree.difference(tmp_path / "nothing", root)
    topic.add(path)
    assert tree.difference(tmp_path / "nothing", root) == before


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("name: parking", "name: Parking lot", "one word"),
        ("name: parking", "name: cost", "already"),
        ("title:", "titel:", "is no topic"),
        ("sources:", "sources: [", "is no topic"),
    ],
)
def test_a_broken_form_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, said: str
) -> None:
    root, path = tmp_path / "tree", tmp_path / "topic.yml"
    tree.copy_content(root)
    monkeypatch.setattr(topic, "ROOT", root)
    path.write_text(topic.TEMPLATE.replace(before, after, 1), encoding="utf8")
    with pytest.raises(ContentError, match=said):
        topic.add(path)
