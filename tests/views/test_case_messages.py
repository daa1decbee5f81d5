"""What surgeon and therapist read about a referral, from its first message to its last."""

import json
from dataclasses import replace

import pytest

from bot.care.concern import Severity
from bot.care.directory import Reason
from bot.care.referral import ReferralState, Step
from bot.shown.case import ShownCase, ShownUpdate
from bot.shown.course import ShownNext
from bot.views import gallery as samples
from bot.views.carried import AboutConcern, AboutMove, AboutNext, AboutReferral, Action
from bot.views.case_card import draw_case_card
from bot.views.referral_news import (
    draw_answer_for_surgeon,
    draw_answer_in_thread,
    draw_referral_received,
)
from bot.views.update_kept import draw_update_kept
from tests.views.client import buttons, read

FINAL = [state for state in ReferralState if state.is_final]
OPEN = [state for state in ReferralState if not state.is_final]
ANSWERABLE = [ReferralState.REQUESTED, ReferralState.INFO_NEEDED]


def test_the_card_of_a_new_referral_says_what_is_asked_of_whom() -> None:
    assert read(draw_case_card(samples.CASE)) == (
        "(Case K7QF-3M: accept or decline the referral)\n"
        "# Case K7QF-3M\n"
        "*Waiting for an answer.*\n"
        "After liposuction\n"
        "6 sessions, 2 times a week\n"
        "Surgeon <@U0RIVERA>\n"
        "Therapist <@U0LEE>\n"
        "*Next, due April 15, 2026 at 16:00 UTC*\n"
        "<@U0LEE>: Accept or decline the referral\n"
        "[Accept] [Decline] [Ask a question] [Patient details] [Raise a concern] [More]"
    )


def test_the_card_of_a_treatment_shows_how_far_it_is_and_how_to_go_on() -> None:
    shown = read(draw_case_card(samples.under_way()))
    assert "*Treatment is under way.*" in shown
    assert "2 of 6 sessions, 2 times a week" in shown
    assert "To send a session update, reply in this thread." in shown
    assert "start your reply with `concern:`" in shown


def test_what_is_overdue_is_called_overdue_in_a_word() -> None:
    shown = read(draw_case_card(samples.late()))
    assert "*Overdue* since April 13, 2026 at 12:00 UTC\n<@U0LEE>: Post the next session" in shown
    assert "Overdue" not in read(draw_case_card(samples.under_way()))


def test_more_updates_than_planned_are_told_as_they_are() -> None:
    shown = read(draw_case_card(replace(samples.under_way(), updates=7)))
    assert "7 session updates, 6 sessions planned, 2 times a week" in shown


def test_a_plan_of_one_session_is_told_in_the_singular() -> None:
    shown = read(draw_case_card(replace(samples.CASE, sessions=1)))
    assert "\n1 session, 2 times a week\n" in shown


@pytest.mark.parametrize("state", ReferralState)
def test_every_state_is_told_in_its_own_words(state: ReferralState) -> None:
    others = {
        read(draw_case_card(replace(samples.CASE, state=one))).split("\n")[2]
        for one in ReferralState
        if one is not state
    }
    own = read(draw_case_card(replace(samples.CASE, state=state))).split("\n")[2]
    assert own not in others
    assert "_" not in own


@pytest.mark.parametrize("state", ReferralState)
def test_only_an_unanswered_referral_can_be_answered_from_its_card(state: ReferralState) -> None:
    offered = set(buttons(draw_case_card(replace(samples.CASE, state=state))))
    assert ({"Accept", "Decline"} <= offered) is (state in ANSWERABLE)
    assert offered.isdisjoint({"Accept", "Decline"}) is (state not in ANSWERABLE)


@pytest.mark.parametrize("state", ReferralState)
def test_the_patient_can_be_looked_up_from_every_card(state: ReferralState) -> None:
    assert "Patient details" in buttons(draw_case_card(replace(samples.CASE, state=state)))


@pytest.mark.parametrize("state", OPEN)
def test_a_concern_can_be_raised_from_every_open_card(state: ReferralState) -> None:
    assert "Raise a concern" in buttons(draw_case_card(replace(samples.CASE, state=state)))


@pytest.mark.parametrize("state", FINAL)
def test_a_finished_case_asks_for_nothing(state: ReferralState) -> None:
    done = replace(samples.CASE, state=state, next_step=None)
    assert set(buttons(draw_case_card(done))) == {
        "Patient details",
        "Plan",
        "What was done",
        "Refer again",
    }
    assert "due" not in read(draw_case_card(done)).replace("Nothing more is due", "")


def test_a_declined_case_can_be_closed_after_a_question() -> None:
    close = buttons(draw_case_card(samples.declined()))["Close"]
    assert close["action_id"] == Action.CLOSE
    assert "nothing more will be due" in json.dumps(close["confirm"])
    assert "Close" not in buttons(draw_case_card(samples.CASE))


def test_every_button_of_a_card_carries_its_referral_and_says_which() -> None:
    for shown in (samples.CASE, samples.declined()):
        for button in buttons(draw_case_card(shown)).values():
            kind = AboutMove if button["action_id"] == Action.MAKE_MOVE else AboutReferral
            carried = kind.read(str(button["value"]))
            assert carried.referral_id == samples.CASE.referral_id
            assert "K7QF-3M" in str(button["accessibility_label"])


def test_the_card_shows_unresolved_concerns_and_opens_them() -> None:
    card = draw_case_card(replace(samples.under_way(), concerns=(samples.CONCERN,)))
    assert "*Urgent concern, not acknowledged*\nRaised by <@U0LEE> April 14, 2026" in read(card)
    opens = buttons(card)["Read"]
    assert opens["action_id"] == Action.READ_CONCERN
    assert AboutConcern.read(str(opens["value"])).concern_id == samples.CONCERN.id
    assert opens["accessibility_label"] == "Read the urgent concern"


def test_an_emergency_on_the_card_says_to_call_first() -> None:
    emergent = replace(samples.CONCERN, severity=Severity.EMERGENT)
    card = read(draw_case_card(replace(samples.under_way(), concerns=(emergent,))))
    assert "*Call emergency services first.*\n*Emergent concern, not acknowledged*" in card


def test_many_concerns_are_counted_after_five() -> None:
    many = replace(samples.under_way(), concerns=(samples.CONCERN,) * 7)
    shown = read(draw_case_card(many))
    assert shown.count("Urgent concern, not acknowledged") == 5
    assert "*2 more concerns* in this thread." in shown


def test_a_therapist_reads_who_asks_and_by_when_to_answer() -> None:
    received = draw_referral_received(samples.CASE)
    assert read(received) == (
        "(New referral K7QF-3M: please accept or decline)\n"
        "*New referral K7QF-3M*\n"
        "<@U0RIVERA> refers a patient to you.\n"
        "Please accept or decline by April 15, 2026 at 16:00 UTC.\n"
        "[Open the thread]"
    )
    assert buttons(received)["Open the thread"]["url"] == samples.CASE.thread_link


def test_a_message_about_a_thread_that_is_not_there_yet_has_no_dead_link() -> None:
    assert buttons(draw_referral_received(replace(samples.CASE, thread_link=None))) == {}


def test_a_referral_that_was_answered_before_its_message_went_out_asks_nothing() -> None:
    shown = read(draw_referral_received(samples.under_way()))
    assert "please accept" not in shown.lower()
    assert "Treatment is under way." in shown


def test_the_thread_reads_that_the_referral_was_accepted_and_what_is_next() -> None:
    assert read(draw_answer_in_thread(_accepted(), accepted=True)) == (
        "(K7QF-3M was accepted)\n"
        "*Accepted.* <@U0LEE> takes this case.\n"
        "*Next, due April 16, 2026 at 12:00 UTC*\n"
        "<@U0LEE>: Post the first session update"
    )


def test_the_thread_reads_why_it_was_declined_and_what_the_surgeon_can_do() -> None:
    shown = read(draw_answer_in_thread(samples.declined(), accepted=False))
    assert "<@U0LEE> can't take this case, because:\n> No free appointment in the next" in shown
    assert "Nobody else is free now. `/network` shows who could be asked, or close it." in shown
    next_one = ShownNext("a1", "U0HADDAD", (Reason.AVAILABLE,))
    offered = draw_answer_in_thread(
        replace(samples.declined(), next_therapist=next_one), accepted=False
    )
    assert "Next could be <@U0HADDAD>: can take a patient now. All contents are kept." in read(
        offered
    )
    assert (
        AboutNext.read(str(buttons(offered)["Ask the next therapist"]["value"])).person_id == "a1"
    )


def test_the_surgeon_is_told_of_a_decline_without_its_reason() -> None:
    shown = read(draw_answer_for_surgeon(samples.declined(), accepted=False))
    assert "Please refer elsewhere or close it by April 15, 2026 at 12:00 UTC." in shown
    assert "No free appointment" not in shown


def test_the_surgeon_is_told_of_an_acceptance_and_what_is_next() -> None:
    shown = read(draw_answer_for_surgeon(_accepted(), accepted=True))
    assert "<@U0LEE> takes the patient." in shown
    assert "<@U0LEE>: Post the first session update" in shown


def test_a_decline_that_was_closed_meanwhile_asks_nothing_of_the_surgeon() -> None:
    closed = replace(samples.declined(), state=ReferralState.CLOSED, next_step=None)
    assert "/refer" not in read(draw_answer_in_thread(closed, accepted=False))


def test_an_update_is_confirmed_with_its_number_and_how_to_correct_it() -> None:
    assert read(draw_update_kept(ShownUpdate("K7QF-3M", 3, 1, False))) == (
        "(K7QF-3M: session update 3 kept)\n"
        "  *Session update 3: kept*, word for word. To correct it, edit your message."
    )


def test_an_edit_is_confirmed_as_a_version_of_its_own() -> None:
    shown = read(draw_update_kept(ShownUpdate("K7QF-3M", 3, 2, False)))
    assert "your edit is kept* as version 2. The earlier wording stays in the record." in shown


def test_a_deleted_update_is_told_to_stay_in_the_record() -> None:
    shown = read(draw_update_kept(ShownUpdate("K7QF-3M", 3, 2, is_withdrawn=True)))
    assert "withdrawn" in shown
    assert "the record still has its words" in shown


def _accepted() -> ShownCase:
    due = samples.under_way().next_step
    assert due is not None
    return replace(
        samples.CASE,
        state=ReferralState.ACCEPTED,
        next_step=replace(due, step=Step.FIRST_SESSION),
    )
