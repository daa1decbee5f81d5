"""A treatment over time: what was measured, what changed, and what a change means to patients.

Meanings are shown beside a change, never alone as a verdict; the software claims no efficacy.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.care import changes
from bot.care.codes import Region, Side
from bot.care.rules import ClinicalRules
from bot.care.session import Session
from bot.care.session_order import numbered

# In low back pain a fall of less than 2 points tells nothing (Suzuki 2020).
LOW_BACK_LEAST_POINTS: Final = 2.0
_SCALED: Final = 10.0


class Measure(StrEnum):
    """What is followed from session to session, in the order in which it is shown."""

    PAIN_BEFORE = "pain_before"
    PAIN_AFTER = "pain_after"
    SWELLING = "swelling_grade"
    GIRTH = "girth"
    SLEEP = "sleep"
    GARMENT = "garment_hours"
    BRUISING = "bruising"
    FIBROSIS = "fibrosis"
    ANXIETY = "anxiety"
    SATISFACTION = "satisfaction"

    @property
    def label(self) -> str:
        return _MEASURES[self][0]

    @property
    def top(self) -> float | None:
        """The end of its scale, which starts at 0; None for centimetres."""
        return _MEASURES[self][1]

    @property
    def is_pain(self) -> bool:
        return self in {Measure.PAIN_BEFORE, Measure.PAIN_AFTER}


_MEASURES: dict[Measure, tuple[str, float | None]] = {
    Measure.PAIN_BEFORE: ("pain before", _SCALED),
    Measure.PAIN_AFTER: ("pain after", _SCALED),
    Measure.SWELLING: ("swelling", 4.0),
    Measure.GIRTH: ("girth", None),
    Measure.SLEEP: ("sleep", _SCALED),
    Measure.GARMENT: ("garment", 24.0),
    Measure.BRUISING: ("bruising", 3.0),
    Measure.FIBROSIS: ("fibrosis", 3.0),
    Measure.ANXIETY: ("anxiety", _SCALED),
    Measure.SATISFACTION: ("satisfaction", _SCALED),
}


@dataclass(frozen=True, order=True)
class Key:
    """One thing that is measured again and again: a girth also has a site, perhaps a side."""

    measure: Measure
    site: Region | None = None
    side: Side | None = None

    @property
    def label(self) -> str:
        """`pain before`, `abdomen`, `left thigh`: as it is called within a sentence."""
        if self.site is None:
            return self.measure.label
        if self.side is None:
            return self.site.named()
        return f"{self.side.value} {self.site.named(side=True)}"


@dataclass(frozen=True)
class Point:
    """One value, by the update that stated it."""

    entry_id: str
    day: date
    value: float
    confirmed: bool


@dataclass(frozen=True)
class Series:
    """The values of one key, oldest first; at least one."""

    key: Key
    points: tuple[Point, ...]


class MarkKind(StrEnum):
    """What happened between the measurements."""

    PLAN_CHANGE = "plan_change"
    PLAN_REQUEST = "plan_request"
    CONCERN = "concern"
    MISSED = "missed"


@dataclass(frozen=True, order=True)
class Mark:
    """Something that happened on a day, to be seen beside the values."""

    day: date
    kind: MarkKind


@dataclass(frozen=True)
class Meaning:
    """What a change means by a threshold, and where the threshold is from."""

    says: str
    source: str


@dataclass(frozen=True)
class Change:
    """A value of the last session beside an earlier one."""

    key: Key
    earlier: Point
    last: Point
    meaning: Meaning | None = None

    @property
    def difference(self) -> float:
        return round(self.last.value - self.earlier.value, 2)


@dataclass(frozen=True)
class LastSession:
    """The last session against the first that stated each value, and the one before.

    What the last session does not state is left out; `against_before` also leaves out what the
    first comparison says already.
    """

    number: int
    day: date
    confirmed: bool
    against_first: tuple[Change, ...] = ()
    against_before: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Progress:
    """A referral's sessions, oldest first, as series and marks."""

    sessions: tuple[Session, ...]
    series: tuple[Series, ...]
    marks: tuple[Mark, ...]

    @property
    def given(self) -> tuple[Session, ...]:
        """The sessions that took place."""
        return tuple(session for session in self.sessions if session.counts)

    @property
    def open_requests(self) -> tuple[Session, ...]:
        """The sessions in which a change of plan was asked for, since the plan was last changed."""
        changed = [mark.day for mark in self.marks if mark.kind is MarkKind.PLAN_CHANGE]
        return tuple(
            session
            for session in self.sessions
            if session.fields.plan_change_request and all(day <= session.day for day in changed)
        )

    @property
    def has_values(self) -> bool:
        return bool(self.series)

    def of(self, *measures: Measure) -> tuple[Series, ...]:
        """The series of some measures, in the order of `Key`."""
        return tuple(series for series in self.series if series.key.measure in measures)


def progress_of(
    sessions: Iterable[Session],
    plan_changes: Iterable[date] = (),
    concerns: Iterable[date] = (),
) -> Progress:
    """Everything over time, the sessions numbered as `numbered` does. Withdrawn ones are left
    out."""
    standing = numbered(session for session in sessions if not session.withdrawn)
    found: dict[Key, list[Point]] = {}
    for session in standing:
        if session.counts:
            for key, value in stated(session):
                point = Point(session.entry_id, session.day, value, session.confirmed)
                found.setdefault(key, []).append(point)
    marks = [Mark(session.day, MarkKind.MISSED) for session in standing if session.no_show]
    marks += [
        Mark(session.day, MarkKind.PLAN_REQUEST)
        for session in standing
        if session.fields.plan_change_request
    ]
    marks += [Mark(day, MarkKind.PLAN_CHANGE) for day in plan_changes]
    marks += [Mark(day, MarkKind.CONCERN) for day in concerns]
    order = list(Measure)
    keys = sorted(found, key=lambda key: (order.index(key.measure), key.label))
    return Progress(
        sessions=standing,
        series=tuple(Series(key, tuple(found[key])) for key in keys),
        marks=tuple(sorted(set(marks))),
    )


@dataclass(frozen=True)
class Goal:
    """A goal of the referral, and in which session it was first said to be reached; None while it
    is not, as the newest session that speaks of goals has it."""

    words: str
    reached: Session | None = None


def goals_of(progress: Progress, goals: Iterable[str]) -> tuple[Goal, ...]:
    """How each goal stands."""
    speaking = [session for session in progress.given if session.fields.goals_reached]
    now = set(speaking[-1].fields.goals_reached) if speaking else set()
    return tuple(
        Goal(
            words,
            next((one for one in speaking if words in one.fields.goals_reached), None)
            if words in now
            else None,
        )
        for words in goals
    )


def stated(session: Session) -> Iterator[tuple[Key, float]]:
    """The values that a session states. Of two girths at one place the later one stands."""
    fields = session.fields
    plain: dict[Measure, float | None] = {
        Measure.PAIN_BEFORE: fields.pain_before,
        Measure.PAIN_AFTER: fields.pain_after,
        Measure.SWELLING: fields.swelling_grade,
        Measure.SLEEP: fields.sleep,
        Measure.GARMENT: fields.garment_hours,
        Measure.BRUISING: fields.bruising,
        Measure.FIBROSIS: fields.fibrosis,
        Measure.ANXIETY: fields.anxiety,
        Measure.SATISFACTION: fields.satisfaction,
    }
    for measure, value in plain.items():
        if value is not None:
            yield Key(measure), float(value)
    girths = {Key(Measure.GIRTH, girth.site, girth.side): girth.cm for girth in fields.girths}
    yield from girths.items()


def last_session(
    progress: Progress, rules: ClinicalRules, *, low_back: bool = False
) -> LastSession | None:
    """The last session beside the first and the one before; None before there is any.

    `low_back` says that the referral is for low back pain, which has a cutoff of its own.
    """
    given = progress.given
    if not given:
        return None
    last = given[-1]
    against_first: list[Change] = []
    against_before: list[Change] = []
    for series in progress.series:
        *earlier, point = series.points
        if point.entry_id != last.entry_id or not earlier:
            continue
        first, before = earlier[0], earlier[-1]
        against_first.append(_change(series.key, first, point, rules, low_back=low_back))
        if before is not first:
            change = _change(series.key, before, point, rules, low_back=low_back)
            against_before.append(change)
    return LastSession(
        last.number, last.day, last.confirmed, tuple(against_first), tuple(against_before)
    )


def _change(
    key: Key, earlier: Point, last: Point, rules: ClinicalRules, *, low_back: bool
) -> Change:
    meaning: Meaning | None = None
    if key.measure.is_pain:
        meaning = pain_change(earlier.value, last.value, rules, low_back=low_back)
    elif key.measure is Measure.SWELLING:
        meaning = _rise(
            last.value - earlier.value, rules.thresholds.swelling_up_grades, "swelling_up", rules
        )
        depth = swelling_depth(last.value, rules)
        if meaning is None and depth is not None and last.value != earlier.value:
            meaning = Meaning(f"now a pit of {depth}", "pitting scale")
    elif key.measure is Measure.GIRTH:
        meaning = _rise(last.value - earlier.value, rules.thresholds.girth_up_cm, "girth_up", rules)
    return Change(key, earlier, last, meaning)


def pain_change(
    before: float, after: float, rules: ClinicalRules, *, low_back: bool = False
) -> Meaning | None:
    """What a change on the 0-10 pain scale means to patients (Salaffi 2004, n=825).

    A fall of 2 points or 33 % is "much better", of 1 point or 15 % the least that patients notice;
    in low back pain less than 2 points tells nothing (Suzuki 2020). A rise means something only
    where it is a warning sign. None where there is nothing to say.
    """
    fall = before - after
    if fall <= 0:
        return _rise(-fall, rules.thresholds.pain_up_at_once, "pain_jump", rules)
    if low_back and fall < LOW_BACK_LEAST_POINTS:
        return Meaning("below the 2 points that count in low back pain", "Suzuki 2020")
    source = rules.file.pain_meaning.source
    if not low_back:
        source = source.split(";")[0]
    return Meaning(_FALLS[changes.pain_change(before, after, rules)], source)


_FALLS: Final = {
    changes.Meaning.MUCH_BETTER: "much better to patients",
    changes.Meaning.BETTER: "the least that patients notice",
    changes.Meaning.SAME: "less than patients notice",
    changes.Meaning.WORSE: "worse",
}


def swelling_depth(grade: float, rules: ClinicalRules) -> str | None:
    """How deep a pit of this grade is, in words; None for no pitting or between grades."""
    return rules.file.swelling_mm.get(f"{grade:g}")


def _rise(by: float, least: float, code: str, rules: ClinicalRules) -> Meaning | None:
    """A rise that one of the clinic's rules takes for a warning sign."""
    if by < least:
        return None
    rule = next((rule for rule in rules.file.change_rule if rule.code == code), None)
    return Meaning("a warning sign by the clinic's rules", rule.source) if rule else None
