"""The ladder as a model: whatever people do, a concern is settled or somebody is told next."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.care.concern import ConcernState, Severity
from bot.care.escalation import Climbed, Hearing, Place, RungReach, Target, Way, climb
from bot.care.ladder import DEFAULT_LADDERS, Ladder, Rung, RungHours, Tell
from bot.care.ladder_limits import LIMITS, problems
from bot.care.working_time import WorkingHours

NEW_YORK = WorkingHours(ZoneInfo("America/New_York"))
MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
FRIDAY_NIGHT = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
PEOPLE = ("surgeon", "covering", "coordinator", "colleague")
PLAYS = {
    Tell.SURGEON: ("surgeon",),
    Tell.COVERING_SURGEON: ("covering",),
    Tell.COORDINATOR: ("coordinator",),
    Tell.COORDINATORS: ("coordinator", "colleague"),
    Tell.CLINIC_CHANNEL: (),
    Tell.OUTSIDE: (),
    Tell.EVERYBODY: PEOPLE,
}


def reach_of(
    ladder: Ladder, resting: Sequence[str] = (), gone: Sequence[str] = ()
) -> list[RungReach]:
    return [
        RungReach(
            tuple(
                Target(Way.SLACK, who, Hearing.DO_NOT_DISTURB if who in resting else Hearing.HEARS)
                for who in PLAYS[rung.tell]
                if who not in gone
            ),
            NEW_YORK,
        )
        for rung in ladder.rungs
    ]


def told(climbed: Climbed) -> list[str]:
    return [target.to for telling in climbed.tellings for target in telling.targets]


def raised(severity: Severity, at: datetime, *resting: str) -> tuple[Ladder, Climbed]:
    ladder = DEFAULT_LADDERS[severity]
    place = Place(0, ladder.starts(at, NEW_YORK))
    return ladder, climb(ladder, place, at, reach_of(ladder, resting))


def whole_ladder(severity: Severity, at: datetime, *, steps: int) -> list[tuple[str, datetime]]:
    """Everybody who is told, and when, if nobody answers."""
    ladder = DEFAULT_LADDERS[severity]
    place, now = Place(0, ladder.starts(at, NEW_YORK)), at
    found: list[tuple[str, datetime]] = []
    for _ in range(steps):
        climbed = climb(ladder, place, now, reach_of(ladder))
        found += [(who, now) for who in told(climbed)]
        place, now = climbed.place, climbed.next_due
    return found


def minutes(found: list[tuple[str, datetime]], start: datetime, who: str) -> list[int]:
    return [int((at - start).total_seconds() // 60) for name, at in found if name == who]


def test_an_emergency_climbs_in_minutes_and_then_every_ten() -> None:
    found = whole_ladder(Severity.EMERGENT, FRIDAY_NIGHT, steps=6)
    assert minutes(found, FRIDAY_NIGHT, "surgeon") == [0, 10, 20, 30]
    assert minutes(found, FRIDAY_NIGHT, "covering") == [3, 10, 20, 30]
    assert minutes(found, FRIDAY_NIGHT, "coordinator") == [6, 10, 20, 30]
    assert minutes(found, FRIDAY_NIGHT, "colleague") == [10, 20, 30]


def test_what_is_urgent_is_told_around_the_clock() -> None:
    found = whole_ladder(Severity.URGENT, FRIDAY_NIGHT, steps=4)
    assert minutes(found, FRIDAY_NIGHT, "surgeon") == [0, 60]
    assert minutes(found, FRIDAY_NIGHT, "covering") == [15, 60]
    assert minutes(found, FRIDAY_NIGHT, "coordinator") == [30, 60]


def test_what_is_soon_waits_for_the_next_working_hour() -> None:
    found = whole_ladder(Severity.SOON, FRIDAY_NIGHT, steps=4)
    monday = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
    assert minutes(found, monday, "surgeon")[0] == 0
    assert minutes(found, monday, "covering")[0] == 4 * 60
    assert minutes(found, monday, "coordinator")[0] == 24 * 60


def test_a_rung_of_what_is_soon_that_falls_into_the_evening_waits_for_the_morning() -> None:
    afternoon = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 15:00 in New York
    found = whole_ladder(Severity.SOON, afternoon, steps=4)
    assert minutes(found, afternoon, "surgeon")[0] == 0
    assert minutes(found, afternoon, "covering")[0] == 18 * 60  # not at 19:00
    assert minutes(found, afternoon, "coordinator")[0] == 24 * 60


def test_who_can_not_hear_is_told_and_passed_over_at_once() -> None:
    _, climbed = raised(Severity.URGENT, MONDAY, "surgeon")
    assert told(climbed) == ["surgeon", "covering"]
    assert climbed.next_due == MONDAY + timedelta(minutes=30)
    assert not climbed.nobody_left


def test_when_nobody_can_hear_it_is_said_at_once_and_everybody_is_told_once() -> None:
    _, climbed = raised(Severity.URGENT, MONDAY, *PEOPLE)
    assert sorted(told(climbed)) == sorted(PEOPLE)
    assert climbed.nobody_left
    assert climbed.next_due == MONDAY + timedelta(minutes=30)


def test_after_a_long_silence_of_ours_everybody_hears_once_and_not_ten_times() -> None:
    ladder, climbed = raised(Severity.EMERGENT, MONDAY)
    later = MONDAY + timedelta(hours=3, minutes=1)
    awake = climb(ladder, climbed.place, later, reach_of(ladder))
    assert sorted(told(awake)) == sorted(PEOPLE)
    assert awake.nobody_left
    assert later < awake.next_due <= later + timedelta(minutes=10)


@pytest.mark.parametrize("severity", Severity)
def test_the_top_is_the_last_telling_and_all_beyond_it(severity: Severity) -> None:
    ladder = DEFAULT_LADDERS[severity]
    last = len(ladder.moments) - 1
    assert [ladder.is_top(step) for step in range(last + 2)] == [False] * last + [True, True]


@pytest.mark.parametrize("severity", Severity)
def test_the_clinics_default_keeps_its_own_limits(severity: Severity) -> None:
    assert problems(DEFAULT_LADDERS[severity], severity, frozenset()) == ()


@pytest.mark.parametrize(
    ("ladder", "reason"),
    [
        ({"rungs": (Rung(tell=Tell.SURGEON, after_minutes=0),)}, "No rung tells a coordinator"),
        ({"rungs": (Rung(tell=Tell.COORDINATOR, after_minutes=0),)}, "No rung tells a surgeon"),
        (
            {
                "rungs": (
                    Rung(tell=Tell.CLINIC_CHANNEL, after_minutes=0),
                    Rung(tell=Tell.EVERYBODY, after_minutes=5),
                )
            },
            "first rung tells no person",
        ),
        (
            {
                "rungs": (
                    Rung(tell=Tell.SURGEON, after_minutes=0),
                    Rung(tell=Tell.EVERYBODY, after_minutes=90),
                )
            },
            "Nobody is told for 1 h 30 min: urgent allows 30 min",
        ),
        ({"rungs": (Rung(tell=Tell.EVERYBODY, after_minutes=20),)}, "first is told after 20 min"),
        (
            {
                "rungs": (
                    Rung(tell=Tell.SURGEON, after_minutes=0, hours=RungHours.WORKING_HOURS),
                    Rung(tell=Tell.EVERYBODY, after_minutes=15),
                )
            },
            "waits for working hours",
        ),
        (
            {
                "rungs": (
                    Rung(tell=Tell.EVERYBODY, after_minutes=0),
                    Rung(tell=Tell.OUTSIDE, after_minutes=5, outside="pager"),
                )
            },
            "“pager” is not set up",
        ),
        (
            {"rungs": (Rung(tell=Tell.EVERYBODY, after_minutes=0),), "repeat_minutes": 600},
            "every 10 h: urgent allows 1 h",
        ),
    ],
)
def test_a_ladder_that_could_be_silent_is_refused_with_the_reason(
    ladder: dict[str, object], reason: str
) -> None:
    made = Ladder.model_validate({"repeat_minutes": 30, "resolve_hours": 24} | ladder)
    assert reason in " ".join(problems(made, Severity.URGENT, frozenset()))


rungs = st.builds(
    Rung,
    tell=st.sampled_from(Tell),
    after_minutes=st.integers(0, 3000),
    times=st.integers(1, 3),
    every_minutes=st.integers(0, 60),
    hours=st.sampled_from(RungHours),
)
ladders = st.builds(
    Ladder,
    rungs=st.lists(rungs, min_size=1, max_size=8).map(tuple),
    repeat_minutes=st.integers(1, 3000),
    resolve_hours=st.integers(1, 200),
)
some_people = st.lists(st.sampled_from(PEOPLE), unique=True)


@given(ladders, some_people, some_people, st.integers(0, 6000), st.booleans())
@settings(max_examples=150)
def test_whatever_the_ladder_there_is_a_next_step_and_nobody_is_told_twice_at_once(
    ladder: Ladder, resting: list[str], gone: list[str], late: int, at_once: bool
) -> None:
    now = MONDAY + timedelta(minutes=late)
    reach = reach_of(ladder, resting, gone)
    place = Place(0, ladder.starts(MONDAY, NEW_YORK))
    climbed = climb(ladder, place, now, reach, at_once=at_once)
    assert climbed.next_due > now
    assert len(told(climbed)) == len(set(told(climbed)))
    assert not set(told(climbed)) & set(gone)
    hears = [who for who in told(climbed) if who not in resting]
    assert hears or climbed.nobody_left or not (at_once or climbed.tellings)


class LifeOfAConcern(RuleBasedStateMachine):
    """Raised, acknowledged, left unresolved, passed on, resolved: with people who come and go and
    a coordinator who changes the clinic's ladder meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.clinics = dict(DEFAULT_LADDERS)
        self.severity = Severity.URGENT
        self.state: ConcernState | None = None
        self.next_due = MONDAY
        self.resting: list[str] = []
        self.gone: list[str] = []

    def _climb(self, place: Place, *, at_once: bool = False) -> None:
        reach = reach_of(self.ladder, self.resting, self.gone)
        climbed = climb(self.ladder, place, self.now, reach, at_once=at_once)
        self.place = climbed.place
        self.next_due = climbed.next_due
        self.last = climbed

    def _start(self) -> None:
        self.state = ConcernState.OPEN
        self._climb(Place(0, self.ladder.starts(self.now, NEW_YORK)))

    @precondition(lambda self: self.state is None or self.state.is_settled)
    @rule(severity=st.sampled_from(Severity))
    def somebody_is_worried(self, severity: Severity) -> None:
        self.severity, self.ladder = severity, self.clinics[severity]
        self._start()

    @rule(severity=st.sampled_from(Severity), wanted=ladders)
    def a_coordinator_edits_the_ladder(self, severity: Severity, wanted: Ladder) -> None:
        if not problems(wanted, severity, frozenset()):
            self.clinics[severity] = wanted

    @rule(resting=some_people, gone=some_people)
    def people_come_and_go(self, resting: list[str], gone: list[str]) -> None:
        self.resting, self.gone = resting, gone

    @precondition(lambda self: self.state is ConcernState.OPEN)
    @rule()
    def those_told_turn_out_to_rest(self) -> None:
        self._climb(self.place, at_once=True)

    @precondition(lambda self: self.state is ConcernState.OPEN)
    @rule()
    def somebody_acknowledges(self) -> None:
        self.state = ConcernState.ACKNOWLEDGED
        self.next_due = self.ladder.resolve_by(self.now)

    @precondition(lambda self: self.state is ConcernState.ACKNOWLEDGED)
    @rule()
    def somebody_resolves(self) -> None:
        self.state = ConcernState.RESOLVED

    @rule(minutes=st.integers(0, 5000))
    def time_passes(self, minutes: int) -> None:
        end = self.now + timedelta(minutes=minutes)
        while self._lives() and self.next_due <= end:
            self.now = self.next_due
            if self.state is ConcernState.ACKNOWLEDGED:
                self._start()  # not resolved in time: it climbs again
            else:
                self._climb(self.place)
        self.now = end

    def _lives(self) -> bool:
        return self.state is not None and not self.state.is_settled

    @invariant()
    def it_is_settled_or_somebody_is_told_next(self) -> None:
        if not self._lives():
            return
        assert self.next_due > self.now
        if self.state is ConcernState.OPEN and self.severity is not Severity.SOON:
            limit = LIMITS[self.severity]
            longest = max(limit.between, limit.repeat, limit.first) + limit.top
            assert self.next_due - self.now <= timedelta(minutes=longest)


LifeOfAConcern.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLifeOfAConcern = LifeOfAConcern.TestCase


@pytest.mark.parametrize("severity", Severity)
def test_what_somebody_took_climbs_as_before_but_repeats_calmly(severity: Severity) -> None:
    ladder = DEFAULT_LADDERS[severity]
    again = ladder.again()
    assert again.moments == ladder.moments
    assert timedelta(hours=4) <= timedelta(minutes=again.repeat_minutes) <= timedelta(days=1)
    assert again.repeat_minutes >= ladder.repeat_minutes
