"""Which session it was: by its day and by what its note says, whenever it is told."""

from datetime import date, timedelta

from bot.care.progress import last_session, progress_of
from bot.care.rules import load_rules
from bot.care.session import Session
from bot.care.session_order import in_order, number_of, numbered, same_number
from tests.care.treatments import session

TODAY = date(2026, 10, 12)
YESTERDAY = TODAY - timedelta(days=1)


def numbers(*sessions: Session) -> list[int]:
    return [one.number for one in numbered(sessions)]


def test_the_number_in_the_note_stands_also_where_it_does_not_fit_the_day() -> None:
    told = (session(1, TODAY, session_number=2), session(2, YESTERDAY, session_number=3))

    assert numbers(*told) == [3, 2]
    assert numbers(*told, session(3, TODAY + timedelta(days=3))) == [3, 2, 4]


def test_a_session_without_a_number_is_the_next_after_the_highest() -> None:
    assert numbers(session(1), session(2, session_number=6), session(3)) == [1, 6, 7]


def test_sessions_of_one_day_that_are_told_in_reverse_stand_by_their_numbers() -> None:
    told = [
        session(1, TODAY, session_number=4),
        session(2, TODAY),
        session(3, TODAY, session_number=3),
    ]
    assert [one.entry_id for one in in_order(told)] == ["e3", "e2", "e1"]


def test_a_session_told_late_is_counted_where_it_took_place() -> None:
    told = [session(1, TODAY), session(2, YESTERDAY)]
    assert (number_of("e2", told), number_of("e1", told)) == (1, 2)
    gone = [session(1, TODAY), session(2, YESTERDAY, withdrawn=True)]
    assert (number_of("e2", gone), number_of("e1", gone)) == (0, 1)


def test_a_number_that_another_session_has_is_noticed() -> None:
    told = [session(1, session_number=1), session(2), session(3, session_number=2)]

    twice = same_number("e3", told)
    assert twice is not None
    assert twice.entry_id == "e2"
    assert same_number("e1", told) is None
    assert same_number("e2", told) is None  # its own number was never said
    assert same_number("e9", told) is None


def test_two_sessions_of_one_number_are_compared_all_the_same() -> None:
    last = last_session(
        progress_of(
            [
                session(1, pain_after=6, session_number=2),
                session(2, pain_after=4, session_number=2),
                session(3, session_number=2, sleep=4),
            ]
        ),
        load_rules(),
    )
    assert last is not None
    assert (last.number, last.against_first) == (2, ())
