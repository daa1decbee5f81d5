"""What a tired reader sees of a digest, on a telephone between two patients."""

from dataclasses import replace
from datetime import date

import pytest

from bot.care.checkins import Answer, CheckInKind, CheckInState
from bot.care.referral import Step
from bot.shown.case import ShownDigest, ShownLine
from bot.views.digest import draw_digest
from bot.views.gallery_checkins import (
    HOLD,
    JOINT,
    PLAN,
    SESSION,
    SILENT,
    WEEKLY,
    every_line,
    long_digest,
)
from tests.views.client import buttons, read, refusals


def of(*lines: ShownLine, reader: str = "U0LEE") -> ShownDigest:
    return ShownDigest(reader, lines)


@pytest.mark.parametrize("step", Step)
def test_an_overdue_step_says_what_is_due_since_when_and_with_whom(step: Step) -> None:
    shown = read(draw_digest(of(replace(SESSION, step=step))))
    said = step.label[:1].lower() + step.label[1:]
    assert shown.startswith(f"(K7QF-3M: {said})\n*1 thing waits for you*\n*K7QF-3M: {said}*\n")
    assert "Due since April 13, 2026 at 21:00 UTC. With <@U0RIVERA>." in shown


def test_a_session_can_be_logged_missed_wished_otherwise_or_put_off() -> None:
    assert list(buttons(draw_digest(of(SESSION)))) == [
        "Log session",
        "No-show",
        "Change plan",
        "Tomorrow",
        "Later",
        "Open the thread",
    ]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (WEEKLY, "All well"),
        (JOINT, "All well"),
        (PLAN, "Dealt with"),
        (SILENT, "I take care of it"),
        (HOLD, "Clear the hold"),
        (replace(SESSION, step=Step.ANSWER), "Accept"),
        (replace(HOLD, step=Step.REFER_ELSEWHERE), "Close"),
        (replace(HOLD, step=Step.REVIEW), "Tomorrow"),
    ],
)
def test_each_line_has_the_button_that_settles_it(line: ShownLine, first: str) -> None:
    assert next(iter(buttons(draw_digest(of(line))))) == first


def test_a_settled_line_says_who_settled_it_and_has_no_button_left() -> None:
    for answer, said in (
        (Answer.DONE, "session logged"),
        (Answer.NO_SHOW, "no-show logged"),
        (Answer.ALL_WELL, "all well"),
        (Answer.CHANGE_PLAN, "change of plan asked for"),
    ):
        line = replace(SESSION, state=CheckInState.SETTLED, answer=answer, answered_by="U0OKAFOR")
        drawn = draw_digest(of(line))
        assert buttons(drawn) == {}
        assert f"Done: K7QF-3M, {said} by <@U0OKAFOR>." in read(drawn)
        assert "All done, thank you." in read(drawn)


def test_what_is_put_off_says_until_when() -> None:
    drawn = draw_digest(of(replace(SESSION, rests_until=date(2026, 4, 20))))
    assert "Nothing waits for you now" in read(drawn)
    assert "Put off until April 20, 2026." in read(drawn)
    assert buttons(drawn) == {}


def test_what_is_needed_no_more_says_so() -> None:
    drawn = draw_digest(of(replace(WEEKLY, state=CheckInState.MOOT)))
    assert "M3WC-9R: is all well? No longer needed." in read(drawn)


def test_a_line_for_a_colleague_says_whom_one_stands_in_for() -> None:
    assert "For <@U0RIVERA>, who is away." in read(draw_digest(of(HOLD, reader="U0OKAFOR")))


def test_a_coordinator_reads_what_is_overdue_with_whom_and_since_when() -> None:
    away = replace(SESSION, is_overview=True, away_until=date(2026, 4, 24))
    shown = read(draw_digest(of(away, reader="U0PARK")))
    assert "Overdue this week" in shown
    assert "<@U0LEE>, since April 13, 2026 at 21:00 UTC, away until April 24, 2026" in shown
    told = read(draw_digest(of(SILENT, reader="U0PARK")))
    assert "<@U0LEE> was asked: post the next session update" in told


def test_every_line_fits_and_the_longest_digest_too() -> None:
    assert refusals(draw_digest(of(*every_line()))) == []
    drawn = draw_digest(long_digest())
    assert refusals(drawn) == []
    assert "more on the Home tab" in read(drawn)


def test_each_kind_of_line_has_words_of_its_own() -> None:
    said = {line.kind: read(draw_digest(of(line))).splitlines()[0] for line in every_line()}
    assert set(said) == set(CheckInKind)
    assert len(set(said.values())) == len(said)
