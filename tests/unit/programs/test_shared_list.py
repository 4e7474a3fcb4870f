"""A list of programs as an address: all of a search, in its order, short, and the same when others come and go."""

from __future__ import annotations

from bot.programs.catalog import Catalog
from bot.programs.facets import Surroundings
from bot.programs.query import Query
from bot.programs.search import PAGE_SIZE, search
from bot.programs.shared_list import LETTERS, address, code, programs_of
from bot.programs.vocabulary import vocabulary


def test_every_program_has_letters_of_its_own(catalog: Catalog) -> None:
    assert len({code(program.slug) for program in catalog.programs}) == len(catalog) > PAGE_SIZE


def test_an_address_leads_to_its_programs_in_their_order_and_leaves_out_what_is_gone(catalog: Catalog) -> None:
    given = [*reversed(catalog.programs[:4])]
    letters = address(given).partition("p=")[2]
    assert programs_of(letters, catalog) == given
    assert programs_of("zzzzz" + letters + letters + "abc", catalog) == given
    rest = Catalog(catalog.programs[1:])
    assert programs_of(letters, rest) == given[:-1]
    assert address(given[:1]) == ""


def test_all_programs_of_a_search_are_listed_whatever_page_is_shown(catalog: Catalog, around: Surroundings) -> None:
    for query in (Query(audience="graduates"), Query(audience="graduates", sort="price", page=1)):
        found = search(catalog, query, around=around, regions=vocabulary().regions)
        assert len(found.listed) == found.total > PAGE_SIZE
        shown = [hit.program for hit in found.hits]
        assert shown == list(found.listed)[query.page * PAGE_SIZE :][:PAGE_SIZE]
    assert len(address(catalog.programs)) < len(catalog) * LETTERS + 40
