"""Slack takes whatever the views draw, also from the longest and oddest values."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from slack_sdk.models.views import View

from bot.care.codes import Region
from bot.care.concern import ConcernState, Severity
from bot.care.indications import Indication
from bot.care.people import Role
from bot.care.plan import Frequency
from bot.care.referral import ReferralState, Step
from bot.care.referral_form import LONGEST_NAME, LONGEST_TEXT
from bot.manifest import manifest
from bot.notices import DeliveryFailed
from bot.shown.case import (
    ShownCase,
    ShownConcern,
    ShownConcernWords,
    ShownHome,
    ShownStep,
    ShownTold,
    ShownUpdate,
)
from bot.shown.emergency import ShownEmergencies
from bot.views import gallery as samples
from bot.views import (
    gallery_directory,
    gallery_emergency,
    gallery_sharing,
    gallery_working_time,
)
from bot.views.case_card import draw_case_card
from bot.views.concern_messages import draw_concern_alert, draw_concern_posted
from bot.views.concern_news import (
    draw_concern_called,
    draw_concern_decided,
    draw_concern_resolved,
    draw_concern_unanswered,
    draw_concern_unanswered_for_clinic,
)
from bot.views.concern_view import ConcernView
from bot.views.delivery_failed import draw_delivery_failed
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.decline import DeclineForm
from bot.views.forms.refer import ReferForm
from bot.views.forms.resolve import ResolveForm
from bot.views.forms.room import RoomForm
from bot.views.home import draw_home
from bot.views.message import Message
from bot.views.modals import loading_view, notice_view
from bot.views.patient import PatientView
from bot.views.referral_news import (
    draw_answer_for_surgeon,
    draw_answer_in_thread,
    draw_referral_received,
)
from bot.views.update_kept import draw_update_kept
from tests.views.client import read, refusals, wire

GALLERY = samples.gallery()
# As much as Slack lets somebody write in a message, in characters of four bytes each.
ENDLESS = "\U0001f9d1\u200d\U0001f9bd & <b> " * 5000
NOBODY_ANSWERS = replace(
    samples.CONCERN,
    told=tuple(
        ShownTold(samples.NOON + timedelta(minutes=30 * round_), f"U{person:04}")
        for round_, person in product(range(50), range(40))
    ),
    next_told=tuple(f"U{person:04}" for person in range(40)),
    decision_note=ENDLESS,
)


@pytest.mark.parametrize("name", GALLERY)
def test_slack_takes_every_sample(name: str) -> None:
    assert refusals(GALLERY[name]) == []


@pytest.mark.parametrize("state", ReferralState)
@pytest.mark.parametrize("overdue", [True, False])
def test_slack_takes_a_case_in_every_state(state: ReferralState, overdue: bool) -> None:
    for step in [None, *Step]:
        case = _case(state, step, overdue)
        for drawn in _of_case(case):
            assert refusals(drawn) == []


@pytest.mark.parametrize("state", ConcernState)
@pytest.mark.parametrize("severity", Severity)
def test_slack_takes_a_concern_in_every_state(state: ConcernState, severity: Severity) -> None:
    for concern in (samples.CONCERN, samples.resolved(), NOBODY_ANSWERS):
        for drawn in _of_concern(replace(concern, state=state, severity=severity)):
            assert refusals(drawn) == []


def test_slack_takes_a_concern_that_nobody_could_be_told_of() -> None:
    alone = replace(samples.CONCERN, told=(), next_told=(), next_at=None, thread_link=None)
    for drawn in _of_concern(alone):
        assert refusals(drawn) == []


def test_slack_takes_the_longest_patient() -> None:
    wide = "\u5b57" * LONGEST_NAME
    longest = replace(
        samples.PATIENT,
        identifiers=samples.PATIENT.identifiers.model_copy(
            update={"name": wide, "record_number": wide, "phone": wide}
        ),
        request=samples.PATIENT.request.model_copy(
            update={
                "areas": tuple(Region),
                "precautions": "x" * LONGEST_TEXT,
                "note": ENDLESS,
                "surgery_date": None,
            }
        ),
    )
    assert refusals(PatientView.view(longest)) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("count", [0, 1, 30, 31, 500])
def test_slack_takes_a_home_of_any_length(role: Role, count: int) -> None:
    busy = replace(samples.late(), concerns=(NOBODY_ANSWERS,) * 20)
    assert refusals(draw_home(ShownHome(role, (busy,) * count))) == []


@pytest.mark.parametrize("role", Role)
def test_slack_takes_a_home_on_which_everything_waits_at_once(role: Role) -> None:
    busy = replace(samples.late(), concerns=(NOBODY_ANSWERS,) * 20)
    full = ShownHome(
        role,
        (busy,) * 500,
        schedule=gallery_working_time.OWN,
        entry=gallery_directory.ENTRY,
        to_verify=(gallery_directory.ENTERED,) * 5,
        covered=(busy,) * 30,
        let_in=(busy,) * 30,
        emergencies=ShownEmergencies(True, (gallery_emergency.ACCESS,) * 20),
        asked_to_share=(gallery_sharing.SHARE,) * 20,
        shared_with=(gallery_sharing.AGREED,) * 20,
        asked_of=(NOBODY_ANSWERS,) * 100,
        reader="U0OKAFOR",
    )
    assert refusals(draw_home(full)) == []
    assert "more cases*, due later than these" in read(draw_home(full))


def test_slack_takes_a_form_that_starts_with_endless_words() -> None:
    assert refusals(ConcernForm.view("r1", "K7QF-3M", words=ENDLESS)) == []


def test_slack_takes_endless_words_about_trouble() -> None:
    assert (
        refusals(notice_view("A title that is much too long for Slack", "x & " * 2900, "R")) == []
    )
    failed = DeliveryFailed(failed_row="r" * 500, failed_kind="nobody knows", error="e" * 500)
    assert refusals(draw_delivery_failed(failed)) == []


@pytest.mark.parametrize(
    "form",
    [ReferForm, DeclineForm, ConcernForm, AcknowledgeForm, ResolveForm, RoomForm, PatientView],
)
def test_slack_takes_a_form_that_is_loading(form: type[ReferForm]) -> None:
    assert refusals(form.loading()) == []
    assert form.loading().to_dict() == loading_view(form.title).to_dict()


def test_slack_takes_updates_of_any_number() -> None:
    assert refusals(draw_update_kept(ShownUpdate("K7QF-3M", 10**6, 10**6, False))) == []


def _case(state: ReferralState, step: Step | None, overdue: bool) -> ShownCase:
    shown = ShownStep(step, samples.SURGEON, samples.NOON, overdue) if step else None
    return replace(
        samples.CASE,
        state=state,
        indication=Indication.BBL,
        frequency=Frequency.EVERY_TWO_WEEKS,
        updates=10**6,
        next_step=shown,
        concerns=(NOBODY_ANSWERS, samples.CONCERN) * 30,
        decline_reason=ENDLESS,
        thread_link=None if overdue else samples.CASE.thread_link,
    )


def _of_case(case: ShownCase) -> list[Message | View]:
    return [
        draw_case_card(case),
        draw_referral_received(case),
        draw_answer_in_thread(case, accepted=True),
        draw_answer_in_thread(case, accepted=False),
        draw_answer_for_surgeon(case, accepted=True),
        draw_answer_for_surgeon(case, accepted=False),
        DeclineForm.view(case),
    ]


def _of_concern(concern: ShownConcern) -> list[Message | View]:
    words = ShownConcernWords(concern, ENDLESS, ENDLESS)
    return [
        draw_concern_posted(concern),
        draw_concern_alert(concern, samples.COVERING),
        draw_concern_decided(concern),
        draw_concern_resolved(concern),
        draw_concern_unanswered(concern),
        draw_concern_unanswered_for_clinic(concern),
        draw_concern_called(concern),
        ConcernView.view(words),
        AcknowledgeForm.view(samples.to_take(ENDLESS, concern)),
        AcknowledgeForm.view(samples.to_take(None, concern)),
        ResolveForm.view(words),
    ]


def test_a_form_that_takes_photos_has_the_scope_that_slack_asks_for() -> None:
    """https://docs.slack.dev/reference/block-kit/block-elements/file-input-element"""
    taking = [name for name, one in GALLERY.items() if "'file_input'" in str(wire(one))]
    assert taking
    assert "'files:read'" in str(manifest()["oauth_config"])
