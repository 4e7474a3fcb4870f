"""Plain words become a query, and each message changes the running one.

`understand` merges what a person says into the query: "what about Texas" replaces the state and keeps the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogue.profile import Profile
from bot.nlu.frame import Frame, Named
from bot.nlu.message import Message
from bot.programs import measures
from bot.programs.inquiry import AUDIENCE_OF
from bot.programs.program import FOR_STUDENTS, ROTATION_TYPES, ROUTES, SHADOWING
from bot.programs.query import Query
from bot.programs.vocabulary import Vocabulary

MOST_WEEKS = 104
LEAST_BUDGET, MOST_BUDGET = 100, 1_000_000
"""A number alone ("make it 3000") is another budget within these."""
EXAM_FIELD = {"step1": "no_step1", "step2ck": "no_step2ck", "english_test": "no_english_test"}
_EXAMS = {
    "usmle": ("step1", "step2ck"),
    "toefl": ("english_test",),
    "ielts": ("english_test",),
    "oet": ("english_test",),
}
"""What an exam stands for, where it does not stand for itself."""
_DENIED = frozenset({"has_not", "wants_not"})
_STATED = frozenset({"has", "has_not"})
_TOPICS = frozenset({"rotation_type", "specialty", "career_stage"})
_WISHES = frozenset({"specialty", "state", "city", "region", "rotation_type"})
_NAMED = _WISHES | {"career_stage", "exam", "institution", "route", "visa_status"}
_PLACES = frozenset({"state", "city", "region"})
_VISAS = frozenset({"B-1/B-2", "J-1", "H-1B", "F-1", "ESTA"})


def understand(
    message: Message,
    query: Query | None,
    *,
    profile: Profile,
    other: Profile | None = None,
    today: date,
    words: Vocabulary,
    asked: str | None = None,
    named: Mapping[str, Any] | None = None,
) -> Query:
    """The query after a message: a new one, or the running one with what was said now merged in.

    `other` is what is known of somebody else whom the talk is about; `words` tells which states there are and what a
    region holds; `asked` is the profile slot just asked for. `named` are the facets that the question before the first
    search named.
    """
    frame = message.frame
    if other is None and is_for_other(frame):
        other = Profile()
    base, for_other = query, other is not None
    is_handed = query is not None and query.for_other is not for_other
    if base is None or _is_new(message) or (is_handed and for_other and _kinds(frame) & _WISHES):
        declined = _still_declined(query, for_other=for_other)
        base = _start(profile, frame, declined) if other is None else _start_for_other(other, declined)
        base = replace(base, **named) if named and query is None and other is None else base
    elif is_handed:
        base = _handed(base, other or profile, for_other=for_other)
    dropped = _dropped(frame)
    if asked and _declines(message) and not turned_pages(message) and dropped <= {_FACET_OF_SLOT.get(asked, asked)}:
        return replace(
            _without(base, frozenset({_FACET_OF_SLOT.get(asked, asked)})), skipped=_with(base.skipped, asked)
        )
    base = _without(base, dropped)
    base, frame = _let_go(base, frame), _beside_let_go(base, frame)
    base = replace(base, skipped=tuple(dict.fromkeys((*base.skipped, *_declined(frame)))))
    changed = _open_to(_Reader(frame, today=today, words=words, asked=asked).into(base), before=base)
    if (step := turned_pages(message)) and changed.facets == base.facets:
        return replace(base, page=max(0, base.page + step))
    return replace(changed, page=0)


_FACET_OF_SLOT = {"career_stage": "audience", "budget_usd_per_4_weeks": "budget", "route": "routes"}
_QUESTIONS = {"states": "states", "specialties": "specialties", "audience": "career_stage"}
"""The question of a search about a facet; whoever takes the facet back has declined it."""
_FACET_OF_KIND = {
    "state": "states",
    "specialty": "specialties",
    "rotation_type": "rotation_types",
    "budget": "budget",
    "career_stage": "audience",
    "route": "routes",
    "exam": "exams",
}
_LISTS = {"state": "states", "city": "cities", "specialty": "specialties", "rotation_type": "rotation_types"}
"""The fields with the names of a kind."""
_CLEARED: dict[str, dict[str, Any]] = {
    "states": {"states": (), "cities": (), "regions": (), "excluded_places": ()},
    "specialties": {"specialties": ()},
    "budget": {"budget_usd": None, "budget_is_total": False, "free": False},
    "rotation_types": {"rotation_types": (), "hands_on": None},
    "exams": {"no_step1": False, "no_step2ck": False, "no_english_test": False},
    "weeks": {"weeks": None},
    "start_month": {"start_month": ""},
    "hands_on": {"hands_on": None},
    "letter": {"letter": False},
    "housing": {"housing": False},
    "stipend": {"stipend": False},
    "routes": {"routes": ()},
    "audience": {"audience": ""},
}


def _open_to(query: Query, *, before: Query) -> Query:
    """The query without types of rotation that only students can do, once it is for graduates and names none anew."""
    is_for_others_now = query.audience == "graduates" and before.audience == "students"
    is_kept = query.rotation_types == before.rotation_types and set(query.rotation_types) <= set(FOR_STUDENTS)
    return replace(query, rotation_types=()) if is_for_others_now and is_kept else query


def _without(query: Query, facets: frozenset[str]) -> Query:
    values = {name: value for facet in facets for name, value in _CLEARED.get(facet, {}).items()}
    return replace(query, **values)


def _is_let_go(query: Query, item: Named, frame: Frame) -> bool:
    """Whether a name stands right behind "drop" or "never mind" and is wished for; else it is something to avoid."""
    ends = [act.end for act in frame.acts if act.name == "takes_back"]
    wished = _values_of(query, item.kind)
    is_wished = bool(wished) if item.kind == "exam" else item.value in wished
    return is_wished and any(0 <= item.start - end <= 1 for end in ends)


def _values_of(query: Query, kind: str) -> tuple[str, ...]:
    """What a query wishes of a kind of name, one by one; of exams the fields of those that are not wanted."""
    if kind == "exam":
        return tuple(field for field in EXAM_FIELD.values() if getattr(query, field))
    return tuple(getattr(query, _LISTS[kind])) if kind in _LISTS else ()


def _let_go(query: Query, frame: Frame) -> Query:
    """The query without the names that a message takes back: "never mind Texas", "drop the TOEFL thing"."""
    for item in frame.entities:
        if _is_let_go(query, item, frame):
            query = replace(query, **_left_of(query, item))
    return query


def _left_of(query: Query, item: Named) -> dict[str, Any]:
    """The fields of a query as they are without a name."""
    if item.kind == "exam":
        return {EXAM_FIELD[exam]: False for exam in _EXAMS.get(item.value, (item.value,)) if exam in EXAM_FIELD}
    field = _LISTS[item.kind]
    return {field: tuple(value for value in getattr(query, field) if value != item.value)}


def _beside_let_go(query: Query, frame: Frame) -> Frame:
    """The frame without the names that are taken back, which nobody refuses."""
    return replace(frame, entities=tuple(item for item in frame.entities if not _is_let_go(query, item, frame)))


def taken_back(frame: Frame, query: Query) -> Query:
    """What a message takes back of a query, as a query of nothing else."""
    without = _let_go(_without(query, _dropped(frame)), frame).facets
    gone = {name: value for name, value in query.facets.items() if name not in without}
    return replace(Query(regions=query.regions if "states" in gone else ()), **gone)


def _with(items: tuple[str, ...], item: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*items, item)))


def _dropped(frame: Frame) -> frozenset[str]:
    """The facets that are taken back: "any state", "remove the price", "anywhere", or "any" on a button."""
    said = {item.value for item in frame.named("dropped")} | _anywhere(frame)
    carried = (item.kind for item in frame.entities if item.value == "any")
    return frozenset(said | {_FACET_OF_KIND[kind] for kind in carried if kind in _FACET_OF_KIND})


def _anywhere(frame: Frame) -> set[str]:
    """The places, where any will do; "anywhere else in that state" keeps the state."""
    return {"states"} if frame.does("anywhere") and not frame.does("same_state") else set()


def _declined(frame: Frame) -> tuple[str, ...]:
    return tuple(_QUESTIONS[facet] for facet in sorted(_dropped(frame)) if facet in _QUESTIONS)


def _still_declined(query: Query | None, *, for_other: bool) -> tuple[str, ...]:
    """The questions that a new search of the same person need not ask: declined before, and not answered since."""
    if query is None or query.for_other != for_other:
        return ()
    return tuple(slot for slot in query.skipped if not getattr(query, _FACET_OF_SLOT.get(slot, slot), ()))


def _declines(message: Message) -> bool:
    return message.declines and not _kinds(message.frame) - {"exam"}


def _kinds(frame: Frame) -> frozenset[str]:
    return _NAMED.intersection(item.kind for item in frame.entities)


def turned_pages(message: Message) -> int:
    """1 for the next page of results, -1 for the one before, 0 for a message that turns no page."""
    if message.is_button:
        return {"next": 1, "previous": -1}.get(str(message.first("page")), 0)
    return int(message.frame.does("more")) - int(message.frame.does("previous"))


def _is_new(message: Message) -> bool:
    """Whether a message starts a search of its own; what builds on one, or wishes for nothing, is never new."""
    if message.intent != "search_programs" or message.is_button or message.frame.does("follow_up"):
        return False
    kinds = _kinds(message.frame)
    return bool(kinds & _TOPICS) and bool(kinds & _WISHES) and (message.frame.does("seek") or len(kinds) >= 2)


def _start(profile: Profile, frame: Frame, declined: tuple[str, ...]) -> Query:
    """A new search: it knows who asks and in what. A bare "find me a program" takes all that was ever said."""
    query = _of(profile, declined)
    if _kinds(frame) & _WISHES:
        return query
    return replace(
        query,
        states=tuple(profile.states),
        rotation_types=tuple(profile.rotation_types),
        budget_usd=profile.budget_usd_per_4_weeks,
        weeks=profile.weeks,
        start_month=profile.start_month or "",
    )


def _start_for_other(other: Profile, declined: tuple[str, ...]) -> Query:
    """A new search for somebody else: it takes nothing of the person who asks."""
    return replace(_of(other, declined), for_other=True)


def _handed(query: Query, person: Profile, *, for_other: bool) -> Query:
    """The same search for another person: the wishes stay, what only the one before can do or lacks does not."""
    own = _of(person, ())
    exams = {field: getattr(own, field) for field in EXAM_FIELD.values()}
    specialties = query.specialties or own.specialties
    handed = replace(
        query, audience=own.audience, specialties=specialties, for_other=for_other, skipped=(), asked=(), **exams
    )
    return _open_to(handed, before=query)


def _of(profile: Profile, declined: tuple[str, ...]) -> Query:
    exams: dict[str, Any] = {EXAM_FIELD[name]: getattr(profile, name) == "not_taken" for name in EXAM_FIELD}
    return Query(
        audience=AUDIENCE_OF.get(profile.career_stage or "", ""),
        specialties=() if "specialties" in declined else tuple(profile.specialties),
        skipped=declined,
        **exams,
    )


def is_for_other(frame: Frame) -> bool:
    """Whether somebody else is looked for: a relative is named, or wishes are those of another."""
    wishes = (item for item in frame.entities if item.kind in _NAMED - _PLACES)  # "my cousin lives in Ohio"
    return bool(frame.named("relation")) and (frame.does("somebody_else") or any(w.whose == "other" for w in wishes))


class _Reader:
    """One message being read into a query, facet by facet."""

    def __init__(self, frame: Frame, *, today: date, words: Vocabulary, asked: str | None) -> None:
        self.frame, self.today, self.words, self.asked = frame, today, words, asked
        is_narrowing = frame.does("only") and frame.does("follow_up")
        self.adds = frame.does("also") and not is_narrowing

    def into(self, query: Query) -> Query:
        for read in (
            self._places,
            self._specialties,
            self._rotation,
            self._audience,
            self._exams,
            self._provided,
            self._routes,
            self._money,
            self._time,
            self._visa,
        ):
            query = read(query)
        return query

    def _wanted(self, kind: str) -> tuple[str, ...]:
        """What is wished for of a kind; what somebody has or had counts only where nothing else of it is named."""
        named = [item for item in self.frame.named(kind) if item.polarity not in _DENIED and item.value != "any"]
        wished = [item for item in named if item.polarity != "has"] or named
        return tuple(dict.fromkeys(item.value for item in wished))

    def _denied(self, kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.value for item in self.frame.named(kind) if item.polarity in _DENIED))

    def _merge(self, old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*old, *new))) if self.adds else new

    def _places(self, query: Query) -> Query:
        regions = tuple(name for name in self._wanted("region") if name in self.words.regions)
        states = tuple(name for name in self._wanted("state") if name in self.words.codes)
        cities = self._wanted("city")
        denied = tuple(name for name in self._denied("state") if name in self.words.codes) + self._denied("city")
        if regions or states or cities:
            inside = tuple(state for name in regions for state in self.words.regions[name])
            query = replace(
                query,
                states=self._merge(query.states, tuple(dict.fromkeys((*states, *inside)))),
                cities=self._merge(query.cities, cities),
                regions=self._merge(query.regions, regions),
                excluded_places=tuple(item for item in query.excluded_places if item not in (*states, *cities)),
            )
        if denied:
            states = tuple(state for state in query.states if state not in denied)
            cities = tuple(city for city in query.cities if city not in denied)
            excluded = tuple(dict.fromkeys((*query.excluded_places, *denied)))
            query = replace(query, states=states, cities=cities, excluded_places=excluded)
        return query

    def _specialties(self, query: Query) -> Query:
        wanted, denied = self._wanted("specialty"), self._denied("specialty")
        if wanted:
            query = replace(query, specialties=self._merge(query.specialties, wanted))
        return replace(query, specialties=tuple(name for name in query.specialties if name not in denied))

    def _rotation(self, query: Query) -> Query:
        wanted, denied = self._wanted("rotation_type"), self._denied("rotation_type")
        types = tuple(name for name in wanted if name in ROTATION_TYPES)
        if types:
            query = replace(query, rotation_types=self._merge(query.rotation_types, types))
            query = replace(query, hands_on=None) if SHADOWING.issuperset(types) and query.hands_on else query
        elif any(name in ROTATION_TYPES for name in denied):
            left = tuple(name for name in query.rotation_types or ROTATION_TYPES if name not in denied)
            query = replace(query, rotation_types=left or tuple(name for name in ROTATION_TYPES if name not in denied))
        if "hands_on" in wanted:
            kept = tuple(name for name in query.rotation_types if types or name not in SHADOWING)
            query = replace(query, hands_on=True, rotation_types=kept)
        if "hands_on" in denied or "hands_off" in wanted:
            query = replace(query, hands_on=False)
        return query

    def _audience(self, query: Query) -> Query:
        stages = self.frame.to_come("career_stage") or self._wanted("career_stage")
        if len(stages) > 1:
            return replace(query, audience="")
        return replace(query, audience=AUDIENCE_OF.get(stages[0], query.audience)) if stages else query

    def _exams(self, query: Query) -> Query:
        lacks: dict[str, Any] = {}
        for item in self.frame.named("exam"):
            exams = _EXAMS.get(item.value, (item.value,)) if item.value != "usmle" or item.polarity in _STATED else ()
            for field in (EXAM_FIELD[exam] for exam in exams if exam in EXAM_FIELD):
                lacks[field] = lacks.get(field, True) and item.polarity in _DENIED
        query = replace(query, **lacks)
        return replace(query, no_step2ck=True) if self._has_only_step1() else query

    def _has_only_step1(self) -> bool:
        """Whether "only" leads to Step 1 and nothing says more of Step 2."""
        exams = [item.value for item in self.frame.named("exam")]
        ends = [act.end for act in self.frame.acts if act.name == "only"]
        after = [next((item.value for item in self.frame.entities if item.start >= end), "") for end in ends]
        return "step1" in after and not {"step2ck", "usmle"} & set(exams)

    def _provided(self, query: Query) -> Query:
        """A letter, a room or a stipend that a program is to come with."""
        return replace(
            query,
            letter=query.letter or self.frame.does("with_letter"),
            housing=query.housing or self.frame.does("with_housing"),
            stipend=query.stipend or self.frame.does("with_stipend"),
        )

    def _routes(self, query: Query) -> Query:
        wanted = tuple(name for name in self._wanted("route") if name in ROUTES)
        denied = self._denied("route")
        if wanted:
            query = replace(query, routes=self._merge(query.routes, wanted))
        elif denied:
            query = replace(query, routes=tuple(name for name in query.routes or ROUTES if name not in denied))
        needs_none = "none" in self._wanted("affiliation") or self._denied("affiliation")
        return replace(query, unrestricted=True) if needs_none else query

    def _money(self, query: Query) -> Query:
        carried = next((item.value for item in self.frame.named("budget")), "")
        if carried.isdigit():
            return replace(query, budget_usd=float(carried) or None, budget_is_total=False, free=carried == "0")
        found = measures.budget(self.frame)
        if found and 0 < found.high <= MOST_BUDGET:
            budget = found.high * measures.WEEKS_OF_BUDGET.get(found.per, 1)
            total = measures.is_total(self.frame, found)
            query = replace(query, budget_usd=budget, budget_is_total=total, free=False)
        number = measures.bare_number(self.frame) or measures.new_figure(self.frame)
        if found is None and query.budget_usd and number and LEAST_BUDGET <= number <= MOST_BUDGET:
            query = replace(query, budget_usd=number)
        if (found and found.high == 0) or self.frame.does("free"):
            query = replace(query, free=True, budget_usd=None, budget_is_total=False, sort="")
        by_price = self.frame.does("cheaper") or any(item.value == "price" for item in self.frame.named("sort"))
        return replace(query, sort="price") if by_price else query

    def _time(self, query: Query) -> Query:
        lengths = measures.stays(self.frame)
        weeks = measures.bare_number(self.frame) if self.asked == "weeks" else None
        if lengths:  # "at most 6 weeks" is sought as six
            weeks = lengths[0].weeks[lengths[0].bound == "max"]
        if weeks is not None and 0 < weeks <= MOST_WEEKS:
            query = replace(query, weeks=weeks)
        month = measures.start_month(self.frame, self.today)
        return replace(query, start_month=month) if month and month >= f"{self.today:%Y-%m}" else query

    def _visa(self, query: Query) -> Query:
        visa = next((name for name in self._wanted("visa_class") if name in _VISAS), None)
        return replace(query, visa=visa) if visa else query
