"""Each rule of the content lint goes red on a planted fault, says where, and the lint proves that it looked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.lint import Finding, check, check_training, findings_of, read
from bot.lint.code_rules import READ_BY_PATTERNS
from bot.settings import ROOT

RESPONSES = """version: "3.1"
responses:
  utter_faq_cost:
  - text: Costs.
    buttons:
    - {title: Hi, payload: '/greet{"career_stage": "student"}'}
    metadata:
      reviewed: "2026-11-23"
      sources:
      - {title: FAQ, url: "https://example.org"}
  - text: Costs for you.
    condition:
    - {type: slot, name: career_stage, value: student}
  utter_greet:
  - text: Hello.
  utter_titles:
  - text: Titles
    buttons:
    - {title: Costs, payload: /faq_cost}
"""
SUBJECTS = """subjects:
  pupil: {}
questions:
  price:
    general: [faq_cost]
    pupil: faq_cost/deposit
told:
  nationality: {faq_cost: faq_cost/deposit}
"""
ASPECTS = """version: "3.1"
responses:
  utter_faq_cost/deposit:
  - text: About {deposit_usd}, after Step 1 and with an I-20.
    metadata: {title: The deposit, asks: fee}
  - text: Nothing for you.
    condition:
    - {type: slot, name: career_stage, value: student}
  utter_out_of_scope/weather:
  - text: Look out of the window.
    metadata: {unknown: true}
"""
FACT_TABLE = "key,value,unit\ndeposit_usd,350,usd\n"
RULES = """version: "3.1"
rules:
- rule: Costs
  steps:
  - intent: faq_cost
  - action: action_answer
- rule: Greeting
  steps:
  - intent: greet
  - action: action_answer
- rule: Anything else
  steps:
  - intent: out_of_scope
  - action: action_answer
"""
STORIES = """version: "3.1"
stories:
- story: Costs, then a greeting
  steps:
  - intent: faq_cost
  - action: action_answer
  - slot_was_set:
    - task: cost
  - intent: greet
  - action: action_answer
"""
DOMAIN = """version: "3.1"
intents:
- faq_cost
- greet
- out_of_scope
entities:
- career_stage: {influence_conversation: false}
slots:
  career_stage: {influence_conversation: false}
  task: {values: [cost]}
actions:
- action_answer
"""
HELD_OUT = """version: "3.1"
nlu:
- intent: faq_cost
  examples: |
    - is it an expensive thing
"""
ACTION = """
class ActionAnswer:
    def name(self):
        return "action_answer"

    def answer(self):
        return ("utter_faq_cost", "utter_greet", "utter_titles")
"""


NUMBERS = {"faq_cost": 17, "faq_cost/deposit": 8, "greet": 15, "out_of_scope": 142, "out_of_scope/weather": 8}


def sentences(counts: Mapping[str, int]) -> str:
    """A file with so many sentences of each intent or aspect, none like another."""
    blocks = []
    for intent, count in counts.items():
        lines = [f"    - {intent} {'abcdefghij'[at % 10] * 9} {at}\n" for at in range(count)]
        blocks += [f"- intent: {intent}\n  examples: |\n", *lines]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The smallest content with nothing wrong in it."""
    for name, text in {
        "domain.yml": DOMAIN,
        "data/nlu.yml": sentences(NUMBERS),
        "tests/nlu/faq.yml": HELD_OUT,
        "data/rules.yml": RULES,
        "data/stories.yml": STORIES,
        "data/responses/faq.yml": RESPONSES,
        "data/responses/aspects.yml": ASPECTS,
        "data/facts.csv": FACT_TABLE,
        "data/lexicon.yml": "career_stage:\n  student: [pupil]\n  graduate: [grad]\n",
        "data/subjects.yml": SUBJECTS,
        "actions/answer.py": ACTION,
        "bot/nlu/empty.py": "",
        "engine/rotation_engine/empty.py": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")
    return tmp_path


def test_the_real_content_is_well() -> None:
    assert check(ROOT) == []


def test_a_small_tree_without_faults_is_well(tree: Path) -> None:
    assert check(tree) == []


def test_the_lint_proves_that_it_looked(tree: Path) -> None:
    counts = read(tree).counts()
    assert counts == {
        "intents": 3,
        "sentences": 190,
        "held-out sentences": 1,
        "rules": 3,
        "stories": 1,
        "responses": 5,
        "modules": 3,
    }


@pytest.mark.parametrize("missing", ["tests/nlu", "data/responses"])
def test_nothing_to_look_at_is_a_finding(tree: Path, missing: str) -> None:
    for path in (tree / missing).iterdir():
        path.unlink()
    assert any("so nothing was checked" in finding.message for finding in check(tree))


@pytest.mark.parametrize("kind", ["nlu", "stories"])
def test_an_empty_file_is_a_finding(tree: Path, kind: str) -> None:
    (tree / "data" / f"{kind}.yml").write_text(f"{kind}: []\n", encoding="utf8")
    assert any("so nothing was checked" in finding.message for finding in check(tree))


def test_a_folder_of_sentences_that_nothing_reads_is_a_finding(tree: Path) -> None:
    (tree / "data" / "nlu").mkdir()
    (tree / "data" / "nlu" / "faq_parking.yml").write_text("nlu: []\n", encoding="utf8")
    found = ["data/nlu:1: nothing reads this folder; its sentences belong into data/nlu.yml"]
    assert [str(finding) for finding in check(tree)] == found


def test_an_empty_tree_is_no_clean_tree(tmp_path: Path) -> None:
    assert [str(finding) for finding in check(tmp_path)] == [
        "data/nlu.yml:1: the file is missing",
        "data/rules.yml:1: the file is missing",
        "data/stories.yml:1: the file is missing",
        "domain.yml:1: the file is missing",
    ]


FAQ, NLU, TWINS = "data/responses/faq.yml", "data/nlu.yml", "tests/nlu/faq.yml"
INSIDE = "data/responses/aspects.yml"
RULE_FILE, STORY_FILE = "data/rules.yml", "data/stories.yml"
ANSWER, EMPTY, ROOM = "actions/answer.py", "bot/nlu/empty.py", "engine/rotation_engine/empty.py"
WHO = "    condition: [{type: slot, name: career_stage, value: graduate}]\n"
FOR_STUDENTS = "- {text: Costs., condition: [{type: slot, name: career_stage, value: student}]}\n"
FOR_GRADUATES = f"- text: Costs.\n{WHO}"
SOURCES = '      sources:\n      - {title: FAQ, url: "https://example.org"}\n'
# what is replaced, by what, and the finding: its line in the file, and the words it must have
UNREADABLE = {
    RULE_FILE: [
        ("intent: faq_cost", "intent: {faq_cost", r"\d+: no valid YAML"),
        ("- intent: greet", "- intnt: greet", "9: rules.1.steps.0.intnt: extra"),
        ("- rule: Greeting", "- rule: None\n- rule: Greeting", "7: rules.1.steps: field required"),
        ("  steps:\n  - intent: greet\n  - action: action_answer", "  steps: []", "8: rules.1.steps: list"),
    ],
    STORY_FILE: [
        ("- story: Costs", "- story: Costs: x", "3: no valid YAML"),
        ("- intent: greet", "- intnt: greet", r"9: stories.0.steps.3.intnt: extra"),
        ("    - task: cost", "    - task", "8: stories.0.steps.2.slot_was_set.0: input should be a valid dict"),
    ],
    "domain.yml": [
        (": {influence_conversation: false}\nslots", "\nslots", "7: entities.0: .*influence_conversation: false"),
        (": {influence_conversation: false}\nslots", ": {}\nslots", "7: entities.0.*field required"),
    ],
    FAQ: [
        ("  - text: Hello.", "\t- text: Hello.", "15: no valid YAML: .*cannot start any token"),
        ("Hello.", "Hello\x01.", "15: no valid YAML: control"),
        ("utter_titles:", "utter_greet:", "16: .*the key utter_greet stands here twice"),
        ("text: Hello.", "text: {{name}: x}", "15: no valid YAML: a mapping as a key"),
        ("responses:", "answers: {}\nresponses:", "2: answers: extra inputs"),
        ("- text: Hello.", "- txt: Hello.", "15: responses.utter_greet.0.txt: extra"),
        ("text: Hello.", "text: ''", "15: .*at least 1 character"),
        ("\n  - text: Hello.", " Hello", "14: .*valid list"),
        ("payload: /faq_cost", "pay: /faq_cost", "19: .*buttons.0.payload: field required"),
        ("url:", "link:", "10: .*link: extra inputs"),
        ('"2026-11-23"', "soon", "8: .*valid date"),
    ],
    NLU: [("- greet aaaaaaaaa 0", "greet a", "34: “greet a” is no sentence of greet")],
    "data/lexicon.yml": [("[pupil]", "[pupil", r"\d: no valid YAML")],
    "data/subjects.yml": [
        ("faq_cost/deposit", "faq_cost/gone", "6: faq_cost/gone has no answer in data/responses"),
        ("{faq_cost: faq_cost/deposit}", "{faq_cost: faq_cost/lost}", "8: faq_cost/lost has no answer"),
        ("    pupil:", "    nobody:", "6: nobody is no subject"),
    ],
    ANSWER: [("def answer(", "def (", "6: no valid Python")],
}
SENTENCES = {
    "domain.yml": [("- greet", "- greet\n- greet", "4: greet stands 2 times under intents")],
    NLU: [
        ("intent: greet", "intent: hello", "34: the intent hello is not in domain.yml"),
        ("intent: greet", "intent: hello/there", "34: the intent hello is not in domain.yml"),
        ("- intent: greet", "- intent: faq_cost", "32: faq_cost has two blocks"),
        ("- intent: greet", "- intent: faq_cost/deposit", "32: faq_cost/deposit has two blocks"),
        ("- intent: faq_cost", "- intent: out_of_scope", "32: greet stands below out_of_scope, in domain.yml above it"),
        ("intent: faq_cost/", "intent: out_of_scope/", "32: greet stands below out_of_scope, in domain.yml above it"),
        ("- greet aaaaaaaaa 0", "- FAQ_cost aaaaaaaaa 0!", r"34: .*under faq_cost \(.*:\d+\) and greet"),
        (
            "- faq_cost/deposit aaaaaaaaa 0",
            "- faq_cost aaaaaaaaa 0",
            r"24: .*under faq_cost \(.*:\d+\) and faq_cost/dep",
        ),
        ("- greet aaaaaaaaa 0", "- hi [Bob](person)", "34: .*marks an entity"),
        ("    - faq_cost/deposit ccccccccc 2\n", "", "24: faq_cost/deposit has 7 sentences, at least 8 are needed"),
        ("intent: faq_cost/deposit", "intent: faq_cost/terms", r"24: .*no answer \(utter_faq_cost/terms\)"),
        ("intent: out_of_scope/weather", "intent: out_of_scope/food", r"\d+: .*no answer \(utter_out_of_scope/food\)"),
    ],
    TWINS: [
        ("is it an expensive thing", "FAQ_cost, aaaaaaaaa 0?", "5: .*is a training sentence"),
        ("is it an expensive thing", "faq_cost aaaaaaaaaa 00", "5: .*or nearly: .* in data/nlu.yml:5"),
    ],
}
ACTIONS = {
    RULE_FILE: [
        ("intent: greet", "intent: hello", "9: the intent hello is not in domain.yml"),
        ("- intent: greet", "- {}", "9: a step of “Greeting” needs an intent or an action"),
        ("action: action_answer", "action: action_b", "6: action_b is not in domain.yml"),
        ("intent: greet", "intent: faq_cost", "9: faq_cost is in “Costs” too; Rasa would follow neither"),
        ("  - intent: greet\n  - action: action_answer", "  - intent: greet", "9: “Greeting” ends without an action"),
    ],
    STORY_FILE: [
        ("intent: greet", "intent: hello", "9: the intent hello is not in domain.yml"),
        ("action: action_answer", "action: action_b", "6: action_b is not in domain.yml"),
        ("- intent: greet", "- {}", "9: a step of “Costs, then a greeting” needs an intent, an action or slots"),
        ("- intent: greet", "- {intent: greet, action: action_answer}", "9: a step of .* needs an intent"),
        ("- intent: faq_cost\n", "- intent: nothing\n", "5: the intent nothing is not in domain.yml"),
        ("task: cost", "task: costs", "7: costs is no value of the slot task"),
        ("task: cost", "career_stage: student", "7: stories do not look at the slot career_stage"),
        ("task: cost", "mood: good", "7: stories do not look at the slot mood"),
        (
            "- story: Costs, then a greeting\n",
            "- story: Costs, then a greeting\n  steps: [{intent: greet}]\n- story: Costs, then a greeting\n",
            "5: there are two stories “Costs, then a greeting”",
        ),
        (
            "- story: Costs, then a greeting\n",
            "- story: Silence\n  steps: [{action: action_answer}]\n- story: Costs\n",
            "3: nobody says anything in “Silence”",
        ),
    ],
    "domain.yml": [("- action_answer", "- action_answer\n- action_b", "13: action_b has no class")],
    ANSWER: [("action_answer", "action_b", "4: action_b is not declared")],
}
SAID = {
    ANSWER: [
        ('"utter_greet"', '"utter_greet", "utter_hi"', "7: utter_hi is not in data/responses"),
        ('"utter_greet"', '"utter_greet", f"utter_{1}"', "7: a response key is built"),
        ('"utter_greet"', '"utter_greet", "utter_faq_" + "x"', "7: a response key is built"),
        ('"utter_greet"', '"utter_greet", "utter_{}".format(1)', "7: a response key is built"),
    ],
    FAQ: [
        ("utter_greet:", "utter_hello:", "14: utter_hello is never said"),
        ("name: career_stage", "name: stage", "13: .*the slot stage, which"),
        ("text: Hello.", "text: Hello. Shall I look for programs?", "15: utter_greet offers to do something"),
        ("  - text: Hello.", "  - text: Hello.\n  - text: Hi.", "16: utter_greet has a variant for the same people"),
        ("  utter_greet:", f"  {FOR_STUDENTS}  utter_greet:", "14: utter_faq_cost has a variant for the same people"),
        ("value: student", "value: pupil", "13: pupil is no career_stage"),
        ("/greet", "/hello", "6: the button “Hi” leads to the unknown intent /hello"),
        ("/faq_cost", "faq_cost", "19: .*leads to the unknown intent faq_cost"),
        ('"career_stage"', '"stage"', "6: .*the unknown entity stage"),
        ('"student"', '"pupil"', "6: pupil is no career_stage"),
        ('"student"}', '"student"', "6: .*no valid JSON"),
        ("title: Hi", "title: " + "long " * 9, "6: .*longer than 40"),
        ('"student"', f'"{"s" * 255}"', "6: .*more than 255"),
        (SOURCES, "", "3: .*no sources or no review date"),
        ('      reviewed: "2026-11-23"\n', "", "3: .*no sources or no review date"),
    ],
}
FACTS_SAID = {
    INSIDE: [
        ("utter_faq_cost/deposit:", "utter_faq_cost/terms:", "3: utter_faq_cost/terms is never said"),
        ("{title: The deposit, asks: fee}", "{asks: fee}", "3: utter_faq_cost/deposit has no title for its button"),
        ("{deposit_usd}", "{deposit}", "4: .*names the fact deposit, which data/facts.csv has not"),
        ("Nothing for you.", "Ask {somebody}.", "6: .*names the fact somebody"),
        ("{deposit_usd}", "$350", "4: utter_faq_cost/deposit says 350; name the fact"),
        (
            "{deposit_usd}",
            "{deposit_usd}, or $3,000\u20135,000",
            "4: utter_faq_cost/deposit says 3,000\u20135,000; name",
        ),
        ("Nothing for you.", "In 2027.", "6: utter_faq_cost/deposit says 2027"),
        ("Look out", "Look 4 times out", "10: utter_out_of_scope/weather says 4"),
        ("Look out", "Look {up}", "10: .*names the fact up"),
        ("utter_faq_cost/deposit:", "utter_faq_cost/a/b:", "3: .*should match pattern"),
        ("utter_faq_cost/deposit:", "utter_faq_cost/Deposit:", "3: .*should match pattern"),
        ("The deposit", "A title that is far too long for a button", "5: .*title: .*at most 32"),
        ("asks: fee", "asks: mood", "5: .*asks: input should be 'acceptance'"),
        ("unknown: true", "unknown: maybe", "11: .*unknown: .*boolean"),
    ],
    FAQ: [
        ("text: Costs.", "text: Costs $350.", "4: utter_faq_cost says 350"),
        ("text: Costs.", "text: Costs {much}.", "4: utter_faq_cost names the fact much"),
    ],
}
CODE = {
    EMPTY: [
        ("", 'x = Text("It costs much")', "1: words in Python"),
        ("", 'x = Notice(f"It costs {1} much")', "1: words in Python"),
        ("", 'x = Text("It " + "costs much")', "1: words in Python"),
        ("", 'x = Text("No" if y else "It costs much")', "1: words in Python"),
        ("", 'x = Text("It costs {}".format(1))', "1: words in Python"),
        ("", 'x = Suggestion("Tell me more", "/x")', "1: words in Python"),
        ("", 'x = anything(text="It costs much")', "1: words in Python"),
        ("", 'd.utter_message(text="It costs much")', "1: words in Python"),
        ("", "import re", "1: imports re; what people write is read by the engine"),
        ("", "def f():\n    from re import search", "2: imports re"),
    ],
    ROOM: [
        ("", "from bot.nlu import message", "1: the engine imports bot.nlu"),
        ("", "import actions.base", "1: the engine imports actions.base"),
    ],
}
# what is missing is reported where it is declared
MISSING = {
    NLU: [("    - faq_cost eeeeeeeee 14\n", "", "domain.yml:3: faq_cost has 24 sentences")],
    TWINS: [("intent: faq_cost", "intent: greet", "domain.yml:3: faq_cost has no held-out sentences")],
    RULE_FILE: [("intent: greet", "intent: faq_cost", "domain.yml:4: greet is in no rule")],
    FAQ: [
        ("- text: Costs.\n", FOR_GRADUATES, "domain.yml:3: .*no answer without a condition"),
        ("payload: /faq_cost", "payload: /greet", "domain.yml:3: faq_cost has no title"),
    ],
    ANSWER: [("action_answer", "action_b", "domain.yml:12: action_answer has no class")],
    "data/facts.csv": [("deposit_usd", "deposit_eur", f"{INSIDE}:4: .*names the fact deposit_usd")],
}
FAULTS = [
    (file, good, bad, expected if found is MISSING else f"{file}:{expected}")
    for found in (UNREADABLE, SENTENCES, ACTIONS, SAID, FACTS_SAID, CODE, MISSING)
    for file, faults in found.items()
    for good, bad, expected in faults
]


@pytest.mark.parametrize(("file", "good", "bad", "expected"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_planted_fault_is_found(tree: Path, file: str, good: str, bad: str, expected: str) -> None:
    plant(tree, file, lambda text: text.replace(good, bad, 1) if good else bad)
    found = [str(finding) for finding in check(tree)]
    assert any(re.match(expected, line) for line in found), found


def plant(root: Path, file: str, change: Callable[[str], str]) -> None:
    before = (root / file).read_text(encoding="utf8")
    assert change(before) != before, before
    (root / file).write_text(change(before), encoding="utf8")


def test_a_file_that_is_not_utf8_is_found(tree: Path) -> None:
    (tree / FAQ).write_bytes(b"# caf\xe9\n" + RESPONSES.encode())
    assert [str(finding) for finding in check(tree)] == [f"{FAQ}:1: not UTF-8; save the file in that encoding"]


def test_an_unreadable_file_hides_nothing_behind_what_follows_from_it(tree: Path) -> None:
    plant(tree, FAQ, lambda text: text.replace("  - text: Hello.", "\t- text: Hello."))
    assert [finding.file for finding in check(tree)] == [FAQ]


def test_one_key_in_two_files_is_found(tree: Path) -> None:
    (tree / "data/responses/other.yml").write_text("responses:\n  utter_greet: [{text: Hi.}]\n", encoding="utf8")
    assert Finding("data/responses/other.yml", 2, f"utter_greet stands in {FAQ}:14 too") in check(tree)


@pytest.mark.parametrize(
    "harmless",
    [
        '"""A docstring may say as much as it likes."""\n',
        'raise ValueError("an error may say it in words")\n',
        'log.info("an event may have many words")\n',
        'x = Text(words.text("utter_greet"))\n',
        'x = Text(" and ".join(names))\n',
    ],
)
def test_words_that_no_user_reads_are_no_finding(tree: Path, harmless: str) -> None:
    (tree / "bot/nlu/empty.py").write_text(harmless, encoding="utf8")
    assert check(tree) == []


def test_a_training_is_not_held_up_by_code(tree: Path) -> None:
    (tree / EMPTY).write_text('x = Text("These words belong in a file")\n', encoding="utf8")
    assert check_training(tree) == []
    assert check(tree) != []


def test_findings_stand_in_the_order_of_the_files(tree: Path) -> None:
    content = read(tree)
    content.report("b.yml", 1, "later")
    content.report("a.yml", 9, "sooner")
    assert [finding.file for finding in findings_of(content)] == ["a.yml", "b.yml"]


def test_a_story_that_goes_further_than_a_rule_needs_one_that_lets_the_bot_listen(tree: Path) -> None:
    plant(tree, "domain.yml", lambda text: text + "- action_go_on\n")
    plant(tree, ANSWER, lambda text: text + '\n\nclass GoOn:\n    def name(self):\n        return "action_go_on"\n')
    plant(
        tree,
        STORY_FILE,
        lambda text: text.replace("greet\n  - action: action_answer", "greet\n  - action: action_go_on"),
    )
    problem = "no rule begins with action_go_on, so the bot may not listen after it"
    assert [str(finding) for finding in check(tree)] == [f"{STORY_FILE}:10: {problem}"]
    plant(tree, RULE_FILE, lambda text: text + "- rule: Listening\n  steps:\n  - action: action_go_on\n")
    assert check(tree) == []


@pytest.mark.parametrize(
    "harmless",
    [
        "Step 1 and Step 2 CK come first.",
        "You may enter on B-1, B-2, a J-1 or with F-1 status; H-1B is another thing.",
        "Form I-20, DS-160 or DS-2019 is asked for.",
        "Call 911 or 988, at 24/7.",
        "The code is SAIOO250.",
        "See [the list](https://example.org/2026/07/list-3).",
        "The fee is {deposit_usd}.",
    ],
)
def test_a_name_with_a_digit_is_no_figure(tree: Path, harmless: str) -> None:
    plant(tree, INSIDE, lambda text: text.replace("Nothing for you.", f"'{harmless}'"))
    assert check(tree) == []


def test_a_topic_that_staff_made_may_say_a_figure_in_its_overview_but_name_no_fact_that_is_none(tree: Path) -> None:
    own = tree / "data/responses/faq_cost.yml"
    block = RESPONSES[RESPONSES.index("  utter_faq_cost") : RESPONSES.index("  utter_greet")]
    plant(tree, FAQ, lambda text: text.replace(block, ""))
    own.write_text("responses:\n" + block.replace("Costs.", "Costs $20."), encoding="utf8")
    assert check(tree) == []
    own.write_text("responses:\n" + block.replace("Costs.", "Costs {much}."), encoding="utf8")
    assert [finding.message for finding in check(tree)] == [
        "utter_faq_cost names the fact much, which data/facts.csv has not"
    ]


def test_aspects_of_an_intent_that_have_no_words_at_all_need_none(tree: Path) -> None:
    """What is asked of a program is answered from its row."""
    plant(tree, INSIDE, lambda text: text[: text.index("  utter_out_of_scope/weather")])
    assert check(tree) == []


@pytest.mark.parametrize("place", [place for places in READ_BY_PATTERNS.values() for place in places])
def test_only_modules_that_have_patterns_may_have_them(place: str) -> None:
    files = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).glob("*.py"))
    assert any("\nimport re\n" in file.read_text(encoding="utf8") for file in files)
