"""What shows on a locked phone, in a direct message or in a form's hidden part tells nothing."""

import json
from dataclasses import replace

import pytest
from slack_sdk.models.views import View

from bot.care.concern import ConcernState, Severity
from bot.care.indications import Indication
from bot.care.people import Role
from bot.care.referral import ReferralState
from bot.care.referral_form import FormStep
from bot.notices import DeliveryFailed
from bot.shown.case import ShownConcernWords, ShownDigest, ShownHome
from bot.views import gallery as samples
from bot.views.case_card import draw_case_card
from bot.views.concern_messages import draw_concern_alert, draw_concern_posted
from bot.views.concern_news import (
    draw_concern_called,
    draw_concern_decided,
    draw_concern_resolved,
    draw_concern_unanswered,
    draw_concern_unanswered_for_clinic,
)
from bot.views.delivery_failed import draw_delivery_failed
from bot.views.digest import draw_digest
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.decline import DeclineForm
from bot.views.forms.refer import ReferForm
from bot.views.forms.resolve import ResolveForm
from bot.views.gallery_checkins import SESSION, every_line
from bot.views.gallery_referring import at_step
from bot.views.home import draw_home
from bot.views.message import Message
from bot.views.patient import PatientView
from bot.views.referral_news import (
    draw_answer_for_surgeon,
    draw_answer_in_thread,
    draw_referral_received,
)
from tests.views.client import strings, wire

NOTE, REASON, WORDS = "bring the ultrasound", "no trained colleague", "calf hot and swollen"
PEOPLE = (samples.SURGEON, samples.THERAPIST, samples.COVERING, samples.COORDINATOR)
CLINICAL = (NOTE, REASON, WORDS, *(one.label for one in Indication))
CASES = [
    replace(samples.CASE, state=state, decline_reason=REASON, concerns=(samples.CONCERN,))
    for state in ReferralState
]
CONCERNS = [
    replace(start, state=state, severity=severity, decision_note=NOTE)
    for start in (samples.unanswered(), samples.resolved())
    for state in ConcernState
    for severity in Severity
]


def _messages() -> list[Message]:
    failed = DeliveryFailed(failed_row="r1", failed_kind="concern_alert", error="is_archived")
    of_cases = [
        drawn
        for case in CASES
        for drawn in (
            draw_case_card(case),
            draw_answer_in_thread(case, accepted=True),
            draw_answer_in_thread(case, accepted=False),
        )
    ]
    of_concerns = [
        drawn
        for concern in CONCERNS
        for drawn in (
            draw_concern_posted(concern),
            draw_concern_decided(concern),
            draw_concern_resolved(concern),
            draw_concern_unanswered(concern),
        )
    ]
    return [*of_cases, *of_concerns, *_direct_messages(), draw_delivery_failed(failed, "K7QF-3M")]


def _direct_messages() -> list[Message]:
    """And what goes to the clinic's channel, where more people read."""
    digests = [
        draw_digest(ShownDigest(samples.SURGEON, (SESSION, *every_line()))),
        draw_digest(ShownDigest(samples.SURGEON, (replace(SESSION, is_overview=True),))),
    ]
    of_cases = [
        drawn
        for case in CASES
        for drawn in (
            draw_referral_received(case),
            draw_answer_for_surgeon(case, accepted=True),
            draw_answer_for_surgeon(case, accepted=False),
        )
    ]
    of_concerns = [
        drawn
        for concern in CONCERNS
        for drawn in (
            draw_concern_alert(concern, samples.COVERING),
            draw_concern_unanswered_for_clinic(concern),
            draw_concern_called(concern),
        )
    ]
    return [*digests, *of_cases, *of_concerns]


def test_a_locked_phone_shows_the_case_code_and_nothing_of_the_patient_or_of_people() -> None:
    for message in _messages():
        assert "K7QF-3M" in message.text
        for secret in (*CLINICAL, *PEOPLE, "<@", "<!"):
            assert secret.lower() not in message.text.lower()
        assert len(message.text) < 100


def test_direct_messages_say_nothing_clinical() -> None:
    for message in _direct_messages():
        said = " ".join(strings(wire(message))).lower()
        for secret in CLINICAL:
            assert secret.lower() not in said


def test_the_home_tab_says_nothing_clinical() -> None:
    for role in Role:
        said = " ".join(strings(wire(draw_home(ShownHome(role, tuple(CASES)))))).lower()
        for secret in CLINICAL:
            assert secret.lower() not in said


def test_a_concern_s_words_are_never_posted() -> None:
    for message in _messages():
        assert WORDS not in json.dumps(wire(message))


def _forms() -> list[View]:
    words = ShownConcernWords(replace(samples.acknowledged(), decision_note=NOTE), WORDS)
    return [
        *(ReferForm.view(at_step(step)) for step in FormStep),
        DeclineForm.view(replace(samples.declined(), decline_reason=REASON)),
        ConcernForm.view("r1", "K7QF-3M", words=WORDS),
        AcknowledgeForm.view(samples.to_take(WORDS, words.concern)),
        ResolveForm.view(words),
        PatientView.view(samples.PATIENT),
    ]


def test_forms_carry_identifiers_of_rows_and_nothing_else() -> None:
    for form in _forms():
        carried = json.loads(form.private_metadata or '{"v":1}')
        assert set(carried) <= {
            *("v", "referral_id", "concern_id", "checkin_id", "move", "draft_id", "step", "person")
        }
        assert not any(secret in json.dumps(carried) for secret in CLINICAL)


_ROWS = {"v", "referral_id", "concern_id", "checkin_id", "version_id", "move"}


def test_buttons_carry_identifiers_of_rows_and_nothing_else() -> None:
    for message in _messages():
        for block in message.blocks:
            for element in getattr(block, "elements", []):
                carried = json.loads(getattr(element, "value", None) or "{}")
                assert set(carried) <= _ROWS


def test_whoever_may_not_read_a_concern_does_not_see_it_while_taking_it() -> None:
    shown = strings(wire(AcknowledgeForm.view(samples.to_take(None))))
    assert not any(WORDS in text for text in shown)
    assert any("open only to those who treat" in text for text in shown)


_DETAILS = ("patient details", "patient details, with a screen and a payer")


@pytest.mark.parametrize("secret", ["Maria Example", "April 23, 1984", "MRN 0042", "+1 555 010"])
def test_identifiers_show_only_in_patient_details_and_where_they_are_typed(secret: str) -> None:
    assert any(secret in text for text in strings(wire(PatientView.view(samples.PATIENT))))
    assert not any(
        secret in text
        for name, drawn in samples.gallery().items()
        if name not in {*_DETAILS, "refer, patient", "refer, summary"}
        for text in strings(wire(drawn))
    )
