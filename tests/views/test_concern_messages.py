"""What people read while a concern climbs, is taken and is resolved."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.care.concern import ConcernState, Decision, Severity
from bot.notices import DeliveryFailed, Notice
from bot.shown.case import ShownConcern, ShownConcernWords
from bot.views import delivery_failed
from bot.views import gallery as samples
from bot.views.carried import AboutConcern, Action
from bot.views.case_card import draw_case_card
from bot.views.concern_messages import draw_concern_alert, draw_concern_posted
from bot.views.concern_news import (
    draw_concern_decided,
    draw_concern_resolved,
    draw_concern_unanswered,
    draw_concern_unanswered_for_clinic,
)
from bot.views.concern_view import ConcernView
from bot.views.delivery_failed import draw_delivery_failed
from bot.views.outside_call import draw_outside_call
from tests.views.client import buttons, read


def _emergent(concern: ShownConcern) -> ShownConcern:
    return replace(concern, severity=Severity.EMERGENT)


def test_the_thread_shows_who_was_told_and_who_is_next_and_when() -> None:
    assert read(draw_concern_posted(samples.CONCERN)) == (
        "(Urgent concern in K7QF-3M: please acknowledge)\n"
        "*Urgent concern, not acknowledged*\n"
        "Hold massage; answer within 1 hour.\n"
        "Raised by <@U0LEE> April 14, 2026 at 12:00 UTC.\n"
        "Told <@U0RIVERA> April 14, 2026 at 12:00 UTC.\n"
        "If nobody acknowledges, <@U0OKAFOR> is told April 14, 2026 at 12:15 UTC.\n"
        "[Acknowledge] [Read] [Withdraw]"
    )


def test_the_thread_shows_the_decision_that_was_read_back() -> None:
    assert read(draw_concern_posted(samples.acknowledged())) == (
        "(Urgent concern in K7QF-3M: acknowledged)\n"
        "*Urgent concern, acknowledged*\n"
        "Raised by <@U0LEE> April 14, 2026 at 12:00 UTC.\n"
        "Told <@U0RIVERA> April 14, 2026 at 12:00 UTC.\n"
        "Told <@U0OKAFOR> April 14, 2026 at 12:15 UTC.\n"
        "<@U0OKAFOR> acknowledged April 14, 2026 at 12:21 UTC: will see the patient.\n"
        "> today at 5 PM\n"
        "[Resolve] [Read] [Withdraw]"
    )


def test_the_thread_shows_that_it_is_over() -> None:
    shown = read(draw_concern_posted(samples.resolved()))
    assert "<@U0OKAFOR> resolved it April 14, 2026 at 18:00 UTC.\n[Read]" in shown
    assert "*Urgent concern, resolved*" in shown


def test_one_that_climbs_again_is_not_called_unacknowledged() -> None:
    again = samples.climbing_again()
    for message in (
        draw_concern_posted(again),
        draw_case_card(replace(samples.under_way(), concerns=(again,))),
    ):
        assert "*Urgent concern" in read(message)
        assert "not resolved in time*" in read(message)
        assert "not acknowledged" not in read(message)


@pytest.mark.parametrize("severity", Severity)
def test_only_an_open_emergency_says_to_call_first(severity: Severity) -> None:
    for state in ConcernState:
        shown = replace(samples.resolved(), severity=severity, state=state)
        calls = "*Call emergency services first.*" in read(draw_concern_posted(shown))
        assert calls is (severity is Severity.EMERGENT and state is ConcernState.OPEN)


def test_an_emergency_says_to_call_before_anything_else() -> None:
    for message in (
        draw_concern_posted(_emergent(samples.CONCERN)),
        draw_concern_alert(_emergent(samples.CONCERN), samples.SURGEON),
        draw_concern_unanswered(_emergent(samples.unanswered())),
    ):
        assert read(message).split("\n")[1] == "*Call emergency services first.*"


def test_who_is_told_again_and_again_is_named_once() -> None:
    shown = read(draw_concern_posted(samples.unanswered()))
    assert shown.count("Told <@U0RIVERA>") == 1
    assert "Told <@U0RIVERA> 2 times, first April 14, 2026 at 12:00 UTC." in shown
    assert "<@U0RIVERA>, <@U0OKAFOR> and <@U0PARK> are told again April 14" in shown


def test_a_rung_with_nobody_on_it_is_not_a_promise() -> None:
    shown = read(draw_concern_posted(replace(samples.CONCERN, next_told=())))
    assert "If nobody acknowledges, it goes on April 14, 2026 at 12:15 UTC." in shown


def test_when_nobody_is_left_to_tell_the_telephone_is() -> None:
    last = replace(samples.CONCERN, next_told=(), next_at=None)
    assert "use the telephone" in read(draw_concern_posted(last))


def test_an_alert_asks_one_thing_and_does_not_say_what_the_concern_is() -> None:
    alert = draw_concern_alert(samples.CONCERN, samples.SURGEON)
    assert read(alert) == (
        "(Urgent concern in K7QF-3M: please acknowledge)\n"
        "*Urgent concern in K7QF-3M*\n"
        "Raised by <@U0LEE> April 14, 2026 at 12:00 UTC.\n"
        "Hold massage; answer within 1 hour.\n"
        "Acknowledge it to read it and say what happens now.\n"
        "If nobody acknowledges, <@U0OKAFOR> is told April 14, 2026 at 12:15 UTC.\n"
        "[Acknowledge] [Pass on] [Open the thread]"
    )
    acknowledge = buttons(alert)["Acknowledge"]
    assert acknowledge["action_id"] == Action.ACKNOWLEDGE
    assert AboutConcern.read(str(acknowledge["value"])).concern_id == samples.CONCERN.id
    assert acknowledge["accessibility_label"] == "Acknowledge the urgent concern in K7QF-3M"


@pytest.mark.parametrize(
    ("concern", "reader", "says", "offers"),
    [
        (
            samples.acknowledged(),
            samples.SURGEON,
            "<@U0OKAFOR> acknowledged it April 14, 2026 at 12:21 UTC. What was decided is in",
            {"Open the thread"},
        ),
        (
            # Who covers is not in the pair's channel: what they have to do is offered here.
            samples.acknowledged(),
            samples.COVERING,
            "You acknowledged it. When it is dealt with",
            {"Read", "Resolve", "Pass on"},
        ),
        (samples.resolved(), samples.COVERING, "You acknowledged it, and it is resolved.", set()),
        (
            samples.resolved(),
            samples.SURGEON,
            "<@U0OKAFOR> resolved it April 14, 2026 at 18:00 UTC. There is nothing",
            {"Open the thread"},
        ),
    ],
)
def test_an_alert_that_is_settled_asks_only_what_is_left_to_do(
    concern: ShownConcern, reader: str, says: str, offers: set[str]
) -> None:
    alert = draw_concern_alert(concern, reader)
    assert says in read(alert)
    assert set(buttons(alert)) == offers


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_reads_as_a_sentence_with_who_took_it(decision: Decision) -> None:
    shown = read(draw_concern_decided(replace(samples.acknowledged(), decision=decision)))
    assert f"\n<@U0OKAFOR> acknowledged: {decision.told}.\n> today at 5 PM" in shown


def test_the_end_of_a_concern_leads_to_what_was_done_without_saying_it() -> None:
    message = draw_concern_resolved(samples.resolved())
    assert "<@U0OKAFOR> resolved it" in read(message)
    assert set(buttons(message)) == {"Read"}


def test_a_concern_that_nobody_answers_sends_people_to_the_telephone() -> None:
    shown = read(draw_concern_unanswered(samples.unanswered()))
    assert "*Nobody has acknowledged this urgent concern.*" in shown
    assert "Told without an answer: <@U0RIVERA>, <@U0OKAFOR> and <@U0PARK>." in shown
    assert "*Use the telephone now: +1 212 555 0100.*" in shown
    assert "Careloop tells them again April 14, 2026 at 13:30 UTC." in shown


def test_the_clinic_is_asked_to_telephone_and_can_t_read_the_concern() -> None:
    message = draw_concern_unanswered_for_clinic(samples.unanswered())
    assert "*Please telephone them now*" in read(message)
    assert set(buttons(message)) == {"Acknowledge"}


def test_whoever_is_called_again_reads_so_on_a_locked_phone_and_whom_to_telephone() -> None:
    shown = read(draw_concern_alert(samples.unanswered(), samples.SURGEON))
    assert shown.startswith(
        "(Urgent concern in K7QF-3M: nobody has answered, please acknowledge)\n"
    )
    assert (
        "*Nobody has answered.*\n"
        "If you can't acknowledge it here, telephone <@U0LEE>, or the clinic: +1 212 555 0100.\n"
    ) in shown
    unknown = replace(samples.unanswered(), telephone="")
    assert "telephone <@U0LEE>.\n" in read(draw_concern_alert(unknown, samples.SURGEON))


def test_whoever_is_called_reads_who_knows_already_and_not_of_themselves() -> None:
    shown = read(draw_concern_alert(samples.passed_over(), samples.COORDINATOR))
    assert "Told <@U0RIVERA> April 14, 2026 at 12:00 UTC (does not want to be" in shown
    assert "Told <@U0RIVERA>" not in read(
        draw_concern_alert(samples.passed_over(), samples.SURGEON)
    )


def test_whoever_is_told_of_an_unresolved_concern_reads_so_first() -> None:
    again = replace(samples.climbing_again(), is_unanswered=False)
    shown = read(draw_concern_alert(again, samples.COVERING))
    assert shown.startswith(
        "(Urgent concern in K7QF-3M: not resolved in time, please acknowledge)\n"
        "*Urgent concern in K7QF-3M, not resolved in time*\n"
    )


def test_that_nobody_answered_once_is_no_news_of_a_later_round() -> None:
    """In the second round the first word on it alarms nobody anew, and names the case."""
    again = replace(samples.climbing_again(), round=1)
    for draw in (draw_concern_unanswered, draw_concern_unanswered_for_clinic):
        earlier = read(draw(again, 0))
        assert earlier.startswith("(Urgent concern in K7QF-3M: not resolved in time)\n")
        assert "Acknowledged before by <@U0RIVERA>" in earlier
        assert "telephone" not in earlier
        assert "telephone" in read(draw(again, 1))


def test_who_can_t_open_the_thread_is_not_sent_there_for_a_reason() -> None:
    by, at = samples.THERAPIST, samples.CONCERN.raised_at
    gone = replace(samples.CONCERN, state=ConcernState.WITHDRAWN, withdrawn_by=by, withdrawn_at=at)
    assert "The reason is in the thread" in read(draw_concern_alert(gone, samples.SURGEON))
    assert "thread" not in read(draw_concern_alert(gone, samples.COVERING))


def test_a_concern_that_reaches_nobody_says_so() -> None:
    alone = replace(samples.unanswered(), told=())
    assert "Nobody could be reached." in read(draw_concern_unanswered(alone))


@pytest.mark.parametrize("concern", [samples.acknowledged(), samples.resolved()])
def test_what_was_answered_before_the_message_went_out_alarms_nobody(
    concern: ShownConcern,
) -> None:
    for message in (draw_concern_unanswered(concern), draw_concern_unanswered_for_clinic(concern)):
        assert "<@U0OKAFOR> acknowledged" in read(message) or "resolved it" in read(message)
        assert "telephone" not in read(message)
        assert buttons(message) == {}


def test_an_alarm_answered_since_tells_the_thread_what_to_do_and_the_clinic_nothing() -> None:
    concern = samples.acknowledged()
    decided = "<@U0OKAFOR> acknowledged April 14, 2026 at 12:21 UTC: will see the patient"
    assert decided in read(draw_concern_unanswered(concern))
    assert "nothing for you to do" not in read(draw_concern_unanswered(concern))
    assert "nothing for you to do" in read(draw_concern_unanswered_for_clinic(concern))


def test_what_is_not_resolved_in_time_says_who_had_it_and_who_is_asked() -> None:
    shown = read(draw_concern_posted(samples.climbing_again()))
    assert "Acknowledged before by <@U0RIVERA> April 14, 2026 at 12:00 UTC: will see the" in shown
    assert "It was not resolved in time, so it climbs again." in shown
    assert "<@U0PARK> asked <@U0OKAFOR> April 15, 2026 at 18:00 UTC to take it. Until" in shown


def test_who_was_passed_over_is_named_with_the_reason() -> None:
    shown = read(draw_concern_posted(samples.passed_over()))
    assert "12:00 UTC (does not want to be disturbed, so the next was told at once)." in shown
    assert "(it did not arrive)" in shown
    assert "<@U0PARK>, pager and the clinic channel are told" in shown


def test_every_attempt_and_its_fate_is_read_with_the_concern() -> None:
    shown = read(ConcernView.view(ShownConcernWords(samples.passed_over(), samples.WORDS)))
    assert "<@U0OKAFOR>, did not arrive (user_disabled)" in shown
    assert "<@U0RIVERA>, delivered" in shown


def test_a_call_outside_slack_says_nothing_of_the_patient() -> None:
    words = draw_outside_call(samples.unanswered(), slack_is_silent=True)
    assert words.title == "Careloop: urgent concern, K7QF-3M"
    assert words.body == (
        "A concern in case K7QF-3M has waited for an answer since 12:00 UTC. Slack does not "
        "answer, so Careloop can't reach the people on duty there. Please telephone: "
        "+1 212 555 0100."
    )


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (ConcernState.OPEN, {"Acknowledge", "Read", "Withdraw"}),
        (ConcernState.ACKNOWLEDGED, {"Resolve", "Read", "Withdraw"}),
        (ConcernState.RESOLVED, {"Read"}),
        (ConcernState.WITHDRAWN, {"Read"}),
    ],
)
def test_the_thread_offers_what_can_be_done_now(state: ConcernState, offered: set[str]) -> None:
    posted = draw_concern_posted(replace(samples.resolved(), state=state))
    assert set(buttons(posted)) == offered


def test_those_who_treat_read_the_whole_story() -> None:
    shown = read(
        ConcernView.view(ShownConcernWords(samples.resolved(), samples.WORDS, samples.RESOLUTION))
    )
    in_order = [
        "*Urgent concern in K7QF-3M, resolved*",
        f"> {samples.WORDS}",
        "Told <@U0RIVERA>",
        "<@U0OKAFOR> acknowledged",
        "> today at 5 PM",
        "<@U0OKAFOR> resolved it",
        f"> {samples.RESOLUTION}",
        "Opening this is recorded.",
    ]
    places = [shown.index(text) for text in in_order]
    assert places == sorted(places)


def test_a_coordinator_reads_what_did_not_arrive_and_what_to_do() -> None:
    failed = DeliveryFailed(failed_row="b7d84e", failed_kind="case_card", error="is_archived")
    assert read(draw_delivery_failed(failed, "K7QF-3M")) == (
        "(K7QF-3M: a message could not be delivered)\n"
        "*A case card could not be posted (K7QF-3M)*\n"
        "The channel is archived.\n"
        "Unarchive it, or name another one for the pair.\n"
        "  Reason is_archived. Reference b7d84e"
    )


@pytest.mark.parametrize("error", ["user_disabled", "is_archived", "internal 7Q3K", ""])
def test_an_alert_that_did_not_arrive_asks_for_the_telephone(error: str) -> None:
    failed = DeliveryFailed(failed_row="b7d84e", failed_kind="concern_alert", error=error)
    assert "*Please telephone the people on the case now.*" in read(draw_delivery_failed(failed))


def test_everything_that_can_be_owed_has_words_for_not_arriving() -> None:
    kinds = {kind for one in _kinds_of_notice() for kind in one} - {"delivery_failed"}
    assert set(delivery_failed.WHAT) == kinds


def _kinds_of_notice() -> list[tuple[str, ...]]:
    (union, *_) = get_args(Notice)
    return [get_args(one.model_fields["kind"].annotation) for one in get_args(union)]
