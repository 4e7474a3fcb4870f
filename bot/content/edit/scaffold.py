"""Makes a topic of the FAQ: everything that one needs, in every file, by one function.

The console applies it to a copy of the content, `bot topic add` to the repository. What is there already is left as it
is, so that doing it twice changes nothing.
"""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.content.change import TOPIC_PREFIX, ChangeError, NewAspect, NewTopic
from bot.content.edit import yaml_files
from bot.content.edit.answers import insert_answer, made_buttons, made_sources, made_variant, read_answers
from bot.content.edit.dialogues import DIALOGUES, beginning, pattern
from bot.content.edit.sentences import HELD_OUT, LEARNED, add_sentences, plain, read_sentences, writable
from bot.nlu.message import intent_of
from bot.reply.responses import answer_of, asked_by

ACTION = "action_answer_faq"


def add_topic(root: Path, topic: NewTopic) -> None:
    """Puts a topic into a tree of content.

    Raises:
        ChangeError: the name is taken by an intent that is no topic made so.
    """
    _add_intent(root, topic)
    _add_rule(root, topic)
    _add_title(root, topic)
    _add_answer(root, topic)
    _add_sentences(root, topic)
    write_dialogue(root, topic.intent, topic.answer)


def _add_intent(root: Path, topic: NewTopic) -> None:
    path = root / "domain.yml"
    domain = yaml_files.load(path)
    if topic.intent in domain["intents"]:
        if not _own(root, "data/responses", topic.intent).exists():
            raise ChangeError(f"There is a topic {topic.intent} already. Choose another name, or add sentences to it.")
        return
    _insert_before_last(domain["intents"], topic.intent, [str(name) for name in domain["intents"]])
    yaml_files.save(path, domain)


def _add_rule(root: Path, topic: NewTopic) -> None:
    path = root / "data" / "rules.yml"
    content = yaml_files.load(path)
    intents = [str(rule["steps"][0].get("intent")) for rule in content["rules"]]
    if topic.intent in intents:
        return
    words = topic.name.replace("_", " ")
    answer = yaml_files.with_blank_line_after(CommentedMap({"action": ACTION}), "action")
    rule = CommentedMap(
        {
            "rule": f"A question about {words} gets the FAQ's answer",
            "steps": yaml_files.sequence([CommentedMap({"intent": topic.intent}), answer]),
        }
    )
    _insert_before_last(content["rules"], rule, intents)
    yaml_files.save(path, content)


def _add_title(root: Path, topic: NewTopic) -> None:
    path = root / "data" / "responses" / "talk.yml"
    content = yaml_files.load(path)
    buttons = content["responses"]["utter_titles"][0]["buttons"]
    payloads = [str(button["payload"]).lstrip("/") for button in buttons]
    if topic.intent in payloads:
        return
    _insert_before_last(buttons, CommentedMap({"title": topic.title, "payload": f"/{topic.intent}"}), payloads)
    yaml_files.save(path, content)


def _insert_before_last(items: CommentedSeq, new: object, names: list[str]) -> None:
    """Before the last topic, not after it: what follows the last one in the file (a comment) belongs to others."""
    last = max((at for at, name in enumerate(names) if name.startswith(TOPIC_PREFIX)), default=len(names))
    items.insert(last, new)


def _add_answer(root: Path, topic: NewTopic) -> None:
    path = _own(root, "data/responses", topic.intent)
    if path.exists():
        return
    general = made_variant(topic.answer)
    if topic.buttons:
        general["buttons"] = made_buttons(topic.buttons)
    general["metadata"] = CommentedMap(
        {"reviewed": yaml_files.quoted(topic.reviewed), "sources": made_sources(topic.sources)}
    )
    variants = [general]
    for stage, text in (("student", topic.answer_student), ("graduate", topic.answer_graduate)):
        if text.strip():
            variants.append(made_variant(text, condition=f"career_stage={stage}"))
    answers = CommentedMap({topic.key: yaml_files.sequence(variants)})
    yaml_files.create(path, f"{topic.title}: the answer.", CommentedMap({"responses": answers}))


def add_aspect(root: Path, aspect: NewAspect) -> None:
    """Puts a question inside a topic into a tree of content, its answer below the other answers of the topic.

    Raises:
        ChangeError: there is no such topic, or it has this question already.
    """
    topic = intent_of(aspect.aspect)
    known = read_answers(root)
    if answer_of(topic) not in known:
        raise ChangeError(f"There is no topic {topic} any more.")
    if aspect.key not in known:
        variant = made_variant(aspect.answer)
        metadata = {"title": yaml_files.quoted(aspect.title), "reviewed": yaml_files.quoted(aspect.reviewed)}
        variant["metadata"] = CommentedMap(metadata | ({"unknown": True} if aspect.is_unknown else {}))
        if aspect.sources:
            variant["metadata"]["sources"] = made_sources(aspect.sources)
        above = [key for key in known if intent_of(asked_by(key)) == topic][-1]
        insert_answer(root / known[above].file, above, aspect.key, yaml_files.sequence([variant]))
    elif known[aspect.key].variants[0].text != aspect.answer.strip():
        raise ChangeError(f"There is a question {aspect.aspect} already. Choose another title, or change its answer.")
    learned, held_out = divided(aspect.sentences, aspect.held_out)
    add_sentences(root, LEARNED, aspect.aspect, learned)
    add_sentences(root, HELD_OUT, aspect.aspect, held_out)


def _add_sentences(root: Path, topic: NewTopic) -> None:
    learned, held_out = divided(topic.sentences, topic.held_out)
    add_sentences(root, LEARNED, topic.intent, learned)
    add_sentences(root, HELD_OUT, topic.intent, held_out)


def divided(learned: tuple[str, ...], held_out: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Both lists without doubles; a sentence in both is held out only."""
    kept = {plain(text): text for text in map(writable, held_out) if text}
    new = {plain(text): text for text in map(writable, learned) if text}
    return [text for key, text in new.items() if key not in kept], list(kept.values())


def write_dialogue(root: Path, intent: str, answer: str) -> None:
    """The golden dialogue of a topic that was made so: its first sentence gets the start of its answer."""
    sentences = [found.text for found in read_sentences(root, LEARNED) if found.intent == intent]
    if not sentences:
        return
    turn = yaml_files.inline({"user": sentences[0]})
    turn["says"] = yaml_files.flow_sequence([pattern(beginning(answer))])
    title = f"A question about {intent.removeprefix(TOPIC_PREFIX).replace('_', ' ')} gets its answer"
    path = _own(root, DIALOGUES, intent)
    yaml_files.save(path, CommentedMap({title: yaml_files.sequence([turn])}))


def has_own_dialogue(root: Path, intent: str) -> bool:
    """Whether a topic's golden dialogue was written by `write_dialogue`."""
    return _own(root, DIALOGUES, intent).exists()


def _own(root: Path, folder: str, intent: str) -> Path:
    """The file of a topic made so: its answer and its golden dialogue stand apart from all others."""
    return root / folder / f"{intent}.yml"
