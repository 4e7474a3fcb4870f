"""A fact in a sentence: its figure as people read it, and the page that it is from."""

import pytest

from bot.programs.fact_words import FAQ, figure, figures, sources, with_figures
from bot.programs.rows import FactRow
from bot.reply.parts import Source, Text

PAGE = "https://www.aamc.org/services/vslo"
FEE = FactRow("fee", "15", unit="usd per elective", source_url=PAGE, source_date="2026-03")
WEEKS = FactRow("weeks", "4", unit="weeks")
KNOWN = {"fee": FEE, "weeks": WEEKS}


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        ("185", "usd", "$185"),
        ("3000-5000", "usd per month", "$3,000\u2013$5,000"),
        ("0-5000", "usd per month", "$0\u2013$5,000"),
        ("1000000", "usd per claim", "$1,000,000"),
        ("250-250", "usd", "$250"),
        ("15.5", "usd", "$15.50"),
        ("6", "months", "6"),
        ("6-12", "months", "6\u201312"),
        ("9.5", "months", "9.5"),
        ("56.4", "percent", "56.4%"),
        ("10-20", "percent of applicants", "10\u201320%"),
        ("2027-03-19", "date", "March 19, 2027"),
        ("2026-09 (late)", "month", "2026-09 (late)"),
        ("July-September", "text", "July-September"),
        ("B-1 or visa waiver (WB)", "visa class", "B-1 or visa waiver (WB)"),
        ("2026-13-40", "date", "2026-13-40"),
    ],
)
def test_a_figure_reads_as_people_write_it(value: str, unit: str, said: str) -> None:
    assert figure(FactRow("key", value, unit=unit)) == said


def test_every_fact_of_the_table_can_be_said(facts: dict[str, FactRow]) -> None:
    assert len(facts) > 200
    assert [key for key, fact in facts.items() if not figure(fact) or set(figure(fact)) & set("{}")] == []


def test_only_figures_that_are_known_are_given() -> None:
    assert figures(["fee", "gone"], KNOWN) == {"fee": "$15"}


def test_a_source_is_named_once_and_one_without_a_page_is_the_faqs() -> None:
    page = Source("aamc.org", PAGE, "2026-03")
    assert sources([FEE, WEEKS, None, FEE]) == (page, FAQ)
    assert sources([]) == ()


def test_a_text_says_its_figures_with_their_sources_before_its_own() -> None:
    own = Source("A page")
    said = with_figures(Text("{weeks} weeks for {fee}.", (own, FAQ), "2026-11-26"), KNOWN)
    assert said == Text("4 weeks for $15.", (Source("aamc.org", PAGE, "2026-03"), FAQ, own), "2026-11-26")


def test_a_text_without_figures_stays_as_it_is_and_an_unknown_key_too() -> None:
    assert with_figures(Text("Ask {somebody}."), KNOWN) == Text("Ask {somebody}.")
