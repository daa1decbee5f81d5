"""Who may start something new, when it is said that a licence ends, and who is found first."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.credentials import Language, UsState
from bot.care.directory import Candidate, Profile, Reason, Record, Wish, find, places_of
from bot.care.indications import Indication
from bot.care.licence import Licence, LicenceStanding, problems, standing, warnings
from bot.care.people import Role

TODAY = date(2026, 11, 23)


def licence(days_left: int, *, verified: bool = True, refused: bool = False) -> Licence:
    return Licence("1", UsState.NY, TODAY + timedelta(days=days_left), verified, refused)


@pytest.mark.parametrize(
    ("held", "is_then"),
    [
        ([], LicenceStanding.NONE),
        ([licence(9, verified=False)], LicenceStanding.UNVERIFIED),
        ([licence(9, verified=False, refused=True)], LicenceStanding.NONE),
        ([licence(0)], LicenceStanding.VALID),
        ([licence(-1)], LicenceStanding.EXPIRED),
        ([licence(-1), licence(300, verified=False)], LicenceStanding.EXPIRED),
        ([licence(-1), licence(300)], LicenceStanding.VALID),
    ],
)
def test_only_a_verified_licence_that_has_not_expired_counts(
    held: list[Licence], is_then: LicenceStanding
) -> None:
    assert standing(Role.THERAPIST, held, TODAY) is is_then
    assert is_then.is_clear == (is_then is LicenceStanding.VALID)
    assert standing(Role.COORDINATOR, held, TODAY).is_clear


def test_it_is_said_60_30_and_7_days_ahead_and_after_it_before_the_digests_of_that_day() -> None:
    said = warnings(date(2027, 3, 31), ZoneInfo("America/New_York"))
    assert {days: at.isoformat() for days, at in said.items()} == {
        60: "2027-01-30T00:05:00-05:00",
        30: "2027-03-01T00:05:00-05:00",
        7: "2027-03-24T00:05:00-04:00",
        0: "2027-04-01T00:05:00-04:00",
    }


@given(st.text(max_size=60), st.none() | st.dates())
def test_a_licence_that_is_taken_has_a_number_and_a_day_ahead(
    number: str, day: date | None
) -> None:
    about_number, about_day = problems(number, day, TODAY)
    if not about_number:
        assert number.strip()
    assert (not about_day) == (day is not None and day >= TODAY and day.year <= TODAY.year + 6)


def test_places_are_parted_however_they_were_typed() -> None:
    assert places_of(" Brooklyn;  Upper  East Side,\nbrooklyn ,") == (
        "Brooklyn",
        "Upper East Side",
    )


def test_not_until_a_day_ends_by_itself() -> None:
    paused = Profile(is_accepting=False, not_before=TODAY)
    assert not paused.accepts_on(TODAY)
    assert paused.accepts_on(TODAY + timedelta(days=1))
    assert not Profile(is_accepting=False).accepts_on(TODAY + timedelta(days=999))


def somebody(name: str, **facts: object) -> Candidate:
    known: dict[str, object] = {
        "person_id": name,
        "role": Role.THERAPIST,
        "profile": Profile(procedures=(Indication.LIPOSUCTION,), languages=(Language.SPANISH,)),
        "is_clear": True,
        "is_away": False,
        "lymphatic_seen": False,
        "open_cases": 0,
        "together": Record(),
    }
    return Candidate(**{**known, **facts})  # type: ignore[arg-type]


def test_who_can_help_now_comes_first_and_each_has_their_reasons() -> None:
    full = Profile(procedures=(Indication.LIPOSUCTION,), capacity=3)
    people = [
        somebody("away", is_away=True, lymphatic_seen=True),
        somebody("full", profile=full, open_cases=3),
        somebody("new"),
        somebody("proven", together=Record(9, 9, 60, 8, 8, 40, 39)),
        somebody("slow", together=Record(9, 9, 4000, 8, 3, 40, 10)),
        somebody("certified", lymphatic_seen=True),
        somebody("expired", is_clear=False),
        somebody("other", profile=Profile(procedures=(Indication.MIGRAINE,))),
    ]
    found = find(people, Wish(procedure=Indication.LIPOSUCTION), TODAY)

    assert [one.candidate.person_id for one in found] == [
        "certified",
        "proven",
        "new",
        "slow",
        "away",
        "expired",
        "full",
    ]
    reasons = {one.candidate.person_id: one.reasons for one in found}
    assert reasons["proven"] == (
        Reason.AVAILABLE,
        Reason.PROCEDURE,
        Reason.COMPLETED,
        Reason.ANSWERS_FAST,
        Reason.ON_TIME,
    )
    assert reasons["full"][0] is Reason.FULL
    assert Reason.NOT_CLEAR in reasons["expired"]


def test_for_who_refers_to_nobody_there_is_no_new_and_no_proven_colleague() -> None:
    found = find([somebody("b", together=None), somebody("a", together=None)], Wish(), TODAY, 1)
    assert [one.candidate.person_id for one in found] == ["a"]
    assert found[0].reasons == (Reason.AVAILABLE,)


def test_what_is_asked_for_is_a_must() -> None:
    brooklyn = somebody("b", profile=Profile(places=("Brooklyn Heights",)))
    people = [brooklyn, somebody("s"), somebody("away", is_away=True)]
    assert [f.candidate for f in find(people, Wish(place=" brooklyn"), TODAY)] == [brooklyn]
    spanish = find(people, Wish(language=Language.SPANISH, only_available=True), TODAY)
    assert [f.candidate.person_id for f in spanish] == ["s"]
