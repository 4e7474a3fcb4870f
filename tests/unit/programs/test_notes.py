"""What the notes of a program say about a question."""

from __future__ import annotations

import pytest

from bot.programs.notes import clause, names_price, quoted, spoken_of, telling_words, warning

NOTES = (
    "Physicians only; a chest X-ray is demanded. Parking at the north garage is free for guests. No patient contact."
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"parking", "garage"}, "Parking at the north garage is free for guests."),
        ({"chest", "enough"}, ""),
        ({"parking", "price"}, ""),
        (set(), ""),
    ],
)
def test_a_sentence_that_shares_two_words_is_found(words: set[str], expected: str) -> None:
    assert spoken_of(NOTES, frozenset(words)) == expected


def test_a_word_that_few_notes_have_is_enough_whatever_its_end() -> None:
    telling = telling_words([NOTES, *["Physicians only, with patient contact."] * 30])
    assert spoken_of(NOTES, {"parkings"}, telling=telling).startswith("Parking")
    assert not spoken_of(NOTES, {"physician"}, telling=telling)


def test_contact_with_patients_is_no_address() -> None:
    assert not quoted(NOTES, "contact")
    assert quoted("Write to the contact person first.", "contact")


def test_what_is_not_open_now_is_a_warning() -> None:
    news = "Its page says visitors are currently not taken."
    assert warning(f"Four weeks at most. {news}") == news
    assert not warning("Applications are now open. Letters are not written.")


@pytest.mark.parametrize(
    ("note", "is_named"),
    [("Two weeks cost 900 USD.", True), ("Nothing is charged.", True), ("A monthly tuition is asked.", False)],
)
def test_a_price_is_an_amount_or_that_nothing_is_paid(note: str, is_named: bool) -> None:
    assert names_price(note) is is_named


def test_a_long_note_is_cut_behind_a_sentence() -> None:
    first = "Costs are paid at the desk " + "on any weekday " * 10 + "before noon."
    second = "Tuition is due " + "on the first morning " * 6 + "at nine."
    assert quoted(f"{first} {second}", "fee") == first


def test_only_the_clauses_that_speak_of_a_fact_are_quoted() -> None:
    note = "Four places a year (two in spring, two in autumn), a monthly tuition, random placement; write by e-mail."
    assert clause(note, "fee") == "a monthly tuition"
    assert clause(note, "contact") == "write by e-mail"
