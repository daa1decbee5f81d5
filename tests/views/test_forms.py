"""A form gives back what was filled in, and nothing that it did not offer."""

import copy
from dataclasses import replace

import pytest
from pydantic import JsonValue
from slack_sdk.models.views import View

from bot.care.concern import Decision, Severity
from bot.care.course import DeclineReason
from bot.care.people import Role
from bot.care.referral_form import FormStep
from bot.sandbox.blockkit import JsonObject
from bot.shown.case import ShownConcernWords
from bot.views import gallery as samples
from bot.views.carried import Tampered
from bot.views.errors import Cause, with_reference, words_for
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.decline import DeclineForm
from bot.views.forms.refer import ReferForm
from bot.views.forms.resolve import ResolveForm
from bot.views.forms.room import RoomForm
from bot.views.gallery_referring import at_step
from tests.views.client import filled, read

WORDS = ShownConcernWords(samples.acknowledged(), samples.WORDS)


def test_a_reason_for_declining_comes_back_with_its_referral() -> None:
    form = DeclineForm.view(samples.CASE)
    sent = DeclineForm.read(filled(form, reason="On leave"))
    assert (sent.referral_id, sent.words, sent.reason) == (
        samples.CASE.referral_id,
        "On leave",
        None,
    )
    chosen = DeclineForm.read(filled(form, why="too_far"))
    assert chosen.reason is DeclineReason.TOO_FAR


@pytest.mark.parametrize("severity", Severity)
def test_a_concern_comes_back_with_its_referral(severity: Severity) -> None:
    view = ConcernForm.view("r1", "K7QF-3M")
    sent = ConcernForm.read(filled(view, severity=severity.value, words="Calf is hot"))
    assert (sent.referral_id, sent.severity, sent.words) == ("r1", severity, "Calf is hot")


def test_a_concern_about_a_reply_starts_with_its_words() -> None:
    view = ConcernForm.view("r1", "K7QF-3M", words="Calf is hot")
    assert ConcernForm.read(filled(view, severity="urgent")).words == "Calf is hot"


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_comes_back_with_its_concern(decision: Decision) -> None:
    view = AcknowledgeForm.view(samples.to_take(samples.WORDS))
    sent = AcknowledgeForm.read(filled(view, decision=decision.value, note="today at 5 PM"))
    assert sent.concern_id == samples.CONCERN.id
    assert (sent.decision, sent.note) == (decision, "today at 5 PM")


def test_a_decision_needs_no_note() -> None:
    view = AcknowledgeForm.view(samples.to_take(samples.WORDS))
    assert AcknowledgeForm.read(filled(view, decision="hold")).note == ""


def test_nobody_lets_treatment_go_on_without_having_read_the_concern() -> None:
    unread = read(AcknowledgeForm.view(samples.to_take(None)))
    assert "Hold treatment" in unread
    assert "Continue treatment" not in unread
    assert "Modify the plan" not in unread


def test_what_was_done_comes_back_with_its_concern() -> None:
    sent = ResolveForm.read(filled(ResolveForm.view(WORDS), resolution="Ultrasound is clear"))
    assert (sent.concern_id, sent.resolution) == (samples.CONCERN.id, "Ultrasound is clear")


def test_a_channel_comes_back_with_its_pair() -> None:
    sent = RoomForm.read(
        filled(RoomForm.view(), surgeon="U0RIVERA", therapist="W0LEE", channel="G0PAIR")
    )
    assert (sent.surgeon, sent.therapist, sent.channel) == ("U0RIVERA", "W0LEE", "G0PAIR")


def test_only_private_channels_of_the_clinic_itself_are_offered() -> None:
    channel = next(one for one in RoomForm.view().to_dict()["blocks"] if "channel" in one.values())
    assert channel["element"]["filter"] == {
        "include": ["private"],
        "exclude_external_shared_channels": True,
    }


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("channel", {"type": "conversations_select", "selected_conversation": "D0DIRECT"}),
        ("channel", {"type": "conversations_select", "selected_conversation": None}),
        ("surgeon", {"type": "users_select", "selected_user": "USLACKBOT|x"}),
        ("therapist", {"type": "users_select"}),
    ],
)
def test_a_channel_form_with_other_things_in_it_is_refused(field: str, entry: JsonValue) -> None:
    payload = filled(RoomForm.view(), surgeon="U1", therapist="U2", channel="C1")
    _set(payload, field, entry)
    with pytest.raises(Tampered, match=field):
        RoomForm.read(payload)


FORMS: dict[str, tuple[View, dict[str, JsonValue]]] = {
    "refer": (ReferForm.view(at_step(FormStep.PLAN)), {"sessions": "6"}),
    "decline": (DeclineForm.view(samples.CASE), {"reason": "On leave"}),
    "concern": (ConcernForm.view("r1", "K7QF-3M"), {"severity": "soon", "words": "Warm"}),
    "acknowledge": (AcknowledgeForm.view(samples.to_take(None)), {"decision": "hold"}),
    "resolve": (ResolveForm.view(WORDS), {"resolution": "Seen"}),
    "room": (RoomForm.view(), {"surgeon": "U1", "therapist": "U2", "channel": "C1"}),
}
READERS = {
    "refer": ReferForm.read,
    "decline": DeclineForm.read,
    "concern": ConcernForm.read,
    "acknowledge": AcknowledgeForm.read,
    "resolve": ResolveForm.read,
    "room": RoomForm.read,
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    "change",
    [
        {"callback_id": "another_form"},
        {"callback_id": None},
        {"private_metadata": ""},
        {"private_metadata": '{"v":2}'},
        {"private_metadata": '{"v":1,"referral_id":"r1","concern_id":"c1","and":"more"}'},
        {"state": {"values": {}}},
        {"state": {"values": []}},
        {"state": None},
        {"state": {}},
    ],
    ids=str,
)
def test_a_changed_form_is_refused(name: str, change: JsonObject) -> None:
    view, answers = FORMS[name]
    payload = {**filled(view, **answers), **change}
    with pytest.raises(Tampered):
        READERS[name](payload)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_read_again_and_again_to_the_same_end(name: str) -> None:
    view, answers = FORMS[name]
    payload = filled(view, **answers)
    before = copy.deepcopy(payload)
    assert READERS[name](payload) == READERS[name](payload)
    assert payload == before


def test_trouble_is_said_at_a_field_so_that_what_was_typed_stays() -> None:
    words = with_reference(words_for(Cause.STORE_BUSY), "7Q3K")
    for name, told in (
        ("refer", ReferForm.trouble(FormStep.PLAN, words)),
        ("refer", ReferForm.therapist_trouble(FormStep.PLAN, words)),
        ("decline", DeclineForm.trouble(words)),
        ("concern", ConcernForm.trouble(words)),
        ("acknowledge", AcknowledgeForm.trouble(words)),
        ("resolve", ResolveForm.trouble(words)),
        ("room", RoomForm.trouble(words)),
        ("room", RoomForm.not_registered(Role.SURGEON)),
        ("room", RoomForm.not_registered(Role.THERAPIST)),
    ):
        (field,) = told
        assert field in wire_inputs(FORMS[name][0])
    assert ReferForm.trouble(FormStep.PLAN, words)["question"] == (
        "Nothing was saved: the record is busy. Please wait a few seconds and try again. "
        "(Reference 7Q3K)"
    )


def test_somebody_chosen_who_is_not_registered_is_told_at_their_field() -> None:
    assert RoomForm.not_registered(Role.SURGEON) == {
        "surgeon": "This person is not registered as a surgeon."
    }
    assert RoomForm.not_registered(Role.THERAPIST) == {
        "therapist": "This person is not registered as a massage therapist."
    }


def test_an_emergency_is_told_to_call_first_before_anything_is_filled_in() -> None:
    emergent = replace(samples.CONCERN, severity=Severity.EMERGENT)
    first = read(AcknowledgeForm.view(samples.to_take(samples.WORDS, emergent))).split("\n")[1]
    assert first == "*Call emergency services first.*"


def wire_inputs(view: View) -> set[str]:
    return {block["block_id"] for block in view.to_dict()["blocks"] if block["type"] == "input"}


def _values(payload: JsonObject) -> JsonObject:
    return _dict(_dict(payload["state"])["values"])


def _set(payload: JsonObject, field: str, entry: JsonValue) -> None:
    _dict(_values(payload)[field])[field] = entry


def _dict(value: JsonValue) -> JsonObject:
    assert isinstance(value, dict)
    return value
