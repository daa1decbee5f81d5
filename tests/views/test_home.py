"""What each person finds on their Home tab."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.care.concern import Severity
from bot.care.people import Role
from bot.care.referral import ReferralState
from bot.shown.case import ShownCase, ShownHandover, ShownHome
from bot.views import gallery as samples
from bot.views.carried import Action
from bot.views.home import MOST_CASES, draw_home, draw_home_for_strangers
from tests.views.client import buttons, read


def _due(case_code: str, hours: int) -> ShownCase:
    step = samples.under_way().next_step
    assert step is not None
    moved = replace(step, due=samples.NOON + timedelta(hours=hours))
    return replace(samples.under_way(), case_code=case_code, next_step=moved)


def test_what_is_due_first_comes_first() -> None:
    cases = (_due("LATER", 9), _due("FIRST", -3), _due("SOON", 1))
    shown = read(draw_home(ShownHome(Role.THERAPIST, cases)))
    assert shown.index("*FIRST*") < shown.index("*SOON*") < shown.index("*LATER*")


def test_a_concern_that_nobody_has_acknowledged_comes_before_what_is_due_later() -> None:
    worry = replace(_due("WORRY", 48), concerns=(samples.CONCERN,))
    settled = replace(_due("TAKEN", 50), concerns=(samples.acknowledged(),))
    shown = read(draw_home(ShownHome(Role.SURGEON, (_due("SOON", 1), settled, worry))))
    assert shown.index("*WORRY*") < shown.index("*SOON*") < shown.index("*TAKEN*")
    assert "3 cases open, 1 concern not acknowledged." in shown


def test_a_surgeon_reads_the_whole_of_it() -> None:
    assert read(draw_home(ShownHome(Role.SURGEON, (samples.late(),)))) == (
        "= Home =\n"
        "# Open referrals\n"
        "[Refer a patient]\n"
        "1 case open, 1 overdue.\n"
        "*K7QF-3M* with <@U0LEE>\n"
        ":warning: *Overdue* since April 13, 2026 at 12:00 UTC\n"
        "<@U0LEE>: Post the next session update\n"
        "Treatment is under way. 2 of 6 sessions, 2 times a week\n"
        "[Open the thread] [Patient details]\n"
        "  Patients' names are shown only under Patient details."
    )


def test_each_part_finds_its_own_doors() -> None:
    assert buttons(draw_home(ShownHome(Role.SURGEON, ())))["Refer a patient"]["action_id"] == (
        Action.REFER
    )
    assert buttons(draw_home(ShownHome(Role.COORDINATOR, ())))["Name a channel"]["action_id"] == (
        Action.NAME_ROOM
    )
    assert buttons(draw_home(ShownHome(Role.THERAPIST, ()))) == {}


def test_a_coordinator_sees_who_owes_what_and_no_way_to_the_patient() -> None:
    home = draw_home(ShownHome(Role.COORDINATOR, (samples.late(),)))
    assert "<@U0RIVERA> and <@U0LEE>" in read(home)
    assert set(buttons(home)) == {"Name a channel", "Ladders", "Emergency group"}


@pytest.mark.parametrize(
    ("role", "can"), [(Role.SURGEON, True), (Role.COORDINATOR, True), (Role.THERAPIST, False)]
)
def test_a_concern_can_be_taken_from_here_by_those_whom_it_asks(role: Role, can: bool) -> None:
    case = replace(samples.under_way(), concerns=(samples.CONCERN,))
    assert ("Acknowledge" in buttons(draw_home(ShownHome(role, (case,))))) is can
    taken = replace(case, concerns=(samples.acknowledged(),))
    assert "Acknowledge" not in buttons(draw_home(ShownHome(role, (taken,))))


def test_what_waits_for_whoever_covers_is_theirs_to_take_the_most_urgent_first() -> None:
    reader = "U0OKAFOR"
    asked = ShownHandover(1, "U0RIVERA", reader, samples.NOON, None, waits=True)
    mine = replace(samples.acknowledged(), case_code="M4TD-8X", acknowledged_by=reader)
    handed = replace(samples.CONCERN, case_code="B9WZ-5H", handovers=(asked,))
    worst = replace(samples.CONCERN, case_code="C3RX-2P", severity=Severity.EMERGENT)
    home = ShownHome(Role.SURGEON, (), asked_of=(mine, handed, worst), reader=reader)
    shown = read(draw_home(home))
    assert shown.startswith(
        "= Home =\n"
        "# Open referrals\n"
        "[Refer a patient]\n"
        "Nothing is open. To refer a patient, use the button above or type `/refer`.\n"
        "*Concerns that wait for you*\n"
        "*Call emergency services first.*\n"
        ":warning: *Emergent concern in C3RX-2P, not acknowledged*\n"
        "Raised by <@U0LEE> "
    )
    lines = [line for line in shown.splitlines() if line.startswith(("[", ":warning:"))]
    assert lines[1:] == [
        ":warning: *Emergent concern in C3RX-2P, not acknowledged*",
        "[Acknowledge] [Pass on]",
        ":warning: *Urgent concern in M4TD-8X, acknowledged*",
        "[Resolve] [Read] [Pass on]",
        ":warning: *Urgent concern in B9WZ-5H, not acknowledged*",
        "[Accept] [I can't]",
    ]


@pytest.mark.parametrize("role", Role)
def test_an_empty_home_says_what_will_be_here(role: Role) -> None:
    assert "Nothing is open." in read(draw_home(ShownHome(role, ())))


def test_finished_cases_are_not_open() -> None:
    closed = replace(samples.CASE, state=ReferralState.CLOSED, next_step=None)
    shown = read(draw_home(ShownHome(Role.SURGEON, (closed,))))
    assert "Nothing is open." in shown
    assert "K7QF-3M" not in shown


def test_what_does_not_fit_is_counted_and_due_later() -> None:
    cases = tuple(_due(f"CASE-{number:02}", number) for number in range(MOST_CASES + 4))
    shown = read(draw_home(ShownHome(Role.COORDINATOR, cases)))
    assert f"{MOST_CASES + 4} cases open." in shown
    assert "*4 more cases*, due later than these." in shown
    assert f"*CASE-{MOST_CASES - 1:02}*" in shown
    assert f"*CASE-{MOST_CASES:02}*" not in shown


def test_somebody_unknown_is_told_whom_to_ask() -> None:
    assert "Please ask a coordinator to register you." in read(draw_home_for_strangers())
