"""A form gives back what was filled in, and nothing that it did not offer."""

import copy
import json
from dataclasses import replace
from datetime import date

import pytest
from pydantic import JsonValue
from slack_sdk.models.views import View

from bot.care.codes import Region
from bot.care.concern import Decision, Severity
from bot.care.course import DeclineReason
from bot.care.indications import Indication
from bot.care.people import Role
from bot.care.plan import MOST_SESSIONS, Frequency
from bot.care.request import (
    LONGEST_GOAL,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_RECORD_NUMBER,
    LONGEST_TEXT,
    MOST_GOALS,
    Field,
)
from bot.sandbox.blockkit import JsonObject, check_submission
from bot.shown import ShownConcernWords
from bot.views import gallery as samples
from bot.views.carried import Tampered
from bot.views.errors import Cause, with_reference, words_for
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.decline import DeclineForm
from bot.views.forms.refer import ReferForm
from bot.views.forms.resolve import ResolveForm
from bot.views.forms.room import RoomForm
from tests.views.client import filled, read, wire

TODAY = date(2026, 4, 14)
REFERRAL: dict[str, JsonValue] = {
    "name": "Maria Example",
    "birth_date": "1984-04-23",
    "record_number": "MRN 0042",
    "phone": "+1 555 010 0199",
    "indication": "liposuction",
    "surgery_date": "2026-04-05",
    "areas": ["abdomen", "flanks"],
    "precautions": "Garment on.\nNo pressure on the left flank.",
    "sessions": "6",
    "frequency": "two_a_week",
    "therapist": "U0LEE",
    "note": "Please explain each step.",
}
NEEDED = ("name", "birth_date", "indication", "areas", "sessions", "frequency", "therapist")
WORDS = ShownConcernWords(samples.acknowledged(), samples.WORDS)


def test_a_referral_comes_back_as_it_was_filled_in() -> None:
    sent = ReferForm.read(filled(ReferForm.view(), **REFERRAL))

    assert sent.therapist == "U0LEE"
    assert sent.form.name == "Maria Example"
    assert sent.form.birth_date == date(1984, 4, 23)
    assert sent.form.record_number == "MRN 0042"
    assert sent.form.phone == "+1 555 010 0199"
    assert sent.form.indication is Indication.LIPOSUCTION
    assert sent.form.surgery_date == date(2026, 4, 5)
    assert sent.form.areas == (Region.ABDOMEN, Region.FLANKS)
    assert sent.form.precautions == "Garment on.\nNo pressure on the left flank."
    assert sent.form.sessions == 6
    assert sent.form.frequency is Frequency.TWO_A_WEEK
    assert sent.form.note == "Please explain each step."
    assert sent.form.problems(TODAY) == {}


def test_only_what_is_needed_has_to_be_filled_in() -> None:
    needed: dict[str, JsonValue] = {field: REFERRAL[field] for field in NEEDED}
    needed["indication"] = "migraine"
    sent = ReferForm.read(filled(ReferForm.view(), **needed))

    assert sent.form.problems(TODAY) == {}
    assert sent.form.surgery_date is None
    assert sent.form.note == sent.form.phone == sent.form.precautions == ""


@pytest.mark.parametrize("field", NEEDED)
def test_the_client_asks_for_what_is_needed(field: str) -> None:
    drawn = wire(ReferForm.view())
    rest = {name: value for name, value in REFERRAL.items() if name != field}
    state = filled_without_check(ReferForm.view(), rest)
    assert list(check_submission(drawn, state)) == [field]


@pytest.mark.parametrize("indication", Indication)
def test_every_reason_can_be_chosen(indication: Indication) -> None:
    answers = {**REFERRAL, "indication": indication.value}
    assert ReferForm.read(filled(ReferForm.view(), **answers)).form.indication is indication


@pytest.mark.parametrize("area", Region)
def test_every_area_can_be_chosen(area: Region) -> None:
    answers: dict[str, JsonValue] = {**REFERRAL, "areas": [area.value]}
    assert ReferForm.read(filled(ReferForm.view(), **answers)).form.areas == (area,)


@pytest.mark.parametrize("frequency", Frequency)
def test_every_rhythm_can_be_chosen(frequency: Frequency) -> None:
    answers = {**REFERRAL, "frequency": frequency.value}
    assert ReferForm.read(filled(ReferForm.view(), **answers)).form.frequency is frequency


def test_the_form_stops_typing_where_the_record_ends() -> None:
    longest = {
        block["block_id"]: block["element"].get("max_length")
        for block in json.loads(json.dumps(wire(ReferForm.view())["blocks"]))
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    }
    assert longest == {
        "name": LONGEST_NAME,
        "record_number": LONGEST_RECORD_NUMBER,
        "phone": LONGEST_PHONE,
        "precautions": LONGEST_TEXT,
        "goals": MOST_GOALS * LONGEST_GOAL,
        "note": LONGEST_TEXT,
    }


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", 1), ("60", 60), (" 7 ", 7), ("-3", -3), ("2.5", None), ("9" * 5000, None), ("x", None)],
)
def test_a_number_that_makes_no_sense_is_a_problem_at_its_field_and_no_crash(
    typed: str, number: int | None
) -> None:
    payload = filled(ReferForm.view(), **REFERRAL)
    _set(payload, "sessions", {"type": "number_input", "value": typed})
    form = ReferForm.read(payload).form
    assert form.sessions == number
    sensible = number is not None and 1 <= number <= MOST_SESSIONS
    assert (Field.SESSIONS in form.problems(TODAY)) is not sensible


def test_five_thousand_characters_are_a_problem_at_their_field() -> None:
    payload = filled(ReferForm.view(), **REFERRAL)
    _set(payload, "note", {"type": "plain_text_input", "value": "x" * 5000})
    form = ReferForm.read(payload).form
    assert ReferForm.errors(form.problems(TODAY)) == {
        "note": "This has 5,000 characters; at most 2,000 can be kept. Please shorten it."
    }


def test_each_problem_is_shown_at_its_field() -> None:
    inputs = {
        block["block_id"]
        for block in json.loads(json.dumps(wire(ReferForm.view())["blocks"]))
        if block["type"] == "input"
    }
    shown = ReferForm.errors(dict.fromkeys(Field, "Please check."))
    assert set(shown) == inputs


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("birth_date", {"type": "datepicker", "selected_date": "1984-13-45"}),
        ("birth_date", {"type": "datepicker", "selected_date": "yesterday"}),
        ("birth_date", {"type": "datepicker", "selected_date": "19840423"}),
        ("birth_date", {"type": "datepicker", "selected_date": 19840423}),
        ("surgery_date", {"type": "datepicker", "selected_date": "2026-04-05T00:00"}),
        ("indication", {"type": "static_select", "selected_option": {"value": "magic"}}),
        ("indication", {"type": "static_select", "selected_option": None}),
        ("indication", {"type": "static_select", "selected_option": "liposuction"}),
        ("areas", {"type": "multi_static_select", "selected_options": [{"value": "soul"}]}),
        ("areas", {"type": "multi_static_select", "selected_options": {"value": "knees"}}),
        ("frequency", {"type": "static_select", "selected_option": {"value": ""}}),
        ("therapist", {"type": "users_select", "selected_user": None}),
        ("therapist", {"type": "users_select", "selected_user": "<!channel>"}),
        ("therapist", {"type": "users_select", "selected_user": "U0LEE\n"}),
        ("therapist", {"type": "users_select", "selected_user": ["U0LEE"]}),
        ("name", {"type": "plain_text_input", "value": ["Maria"]}),
        ("name", {"type": "plain_text_input", "value": "x" * 60_000}),
        ("note", "Please explain"),
        ("note", None),
    ],
)
def test_a_field_that_the_form_cant_have_sent_is_refused(field: str, entry: JsonValue) -> None:
    payload = filled(ReferForm.view(), **REFERRAL)
    _set(payload, field, entry)
    with pytest.raises(Tampered) as refused:
        ReferForm.read(payload)
    assert refused.value.where in (field, "view")


@pytest.mark.parametrize("field", Field)
def test_a_form_that_lacks_a_field_is_refused(field: Field) -> None:
    payload = filled(ReferForm.view(), **REFERRAL)
    del _values(payload)[field.value]
    with pytest.raises(Tampered) as refused:
        ReferForm.read(payload)
    assert refused.value.where == field.value


def test_a_refusal_never_repeats_what_was_typed() -> None:
    payload = filled(ReferForm.view(), **REFERRAL)
    _set(payload, "indication", {"type": "static_select", "selected_option": {"value": "Maria"}})
    with pytest.raises(Tampered) as refused:
        ReferForm.read(payload)
    assert "Maria" not in repr(refused.value)
    assert refused.value.__cause__ is None


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
    "refer": (ReferForm.view(), REFERRAL),
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
        ("refer", ReferForm.trouble(words)),
        ("refer", ReferForm.therapist_trouble(words)),
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
    assert ReferForm.trouble(words)["note"] == (
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


def filled_without_check(view: View, answers: dict[str, JsonValue]) -> JsonObject:
    """The state of a form in which something that is needed is still missing."""
    complete = _values(filled(view, **REFERRAL))
    return {
        field: entry if field in answers else {field: {**_dict(_dict(entry)[field]), **_EMPTY}}
        for field, entry in complete.items()
    }


_EMPTY: JsonObject = {
    "value": None,
    "selected_date": None,
    "selected_user": None,
    "selected_option": None,
    "selected_options": [],
}


def wire_inputs(view: View) -> set[str]:
    return {block["block_id"] for block in view.to_dict()["blocks"] if block["type"] == "input"}


def _values(payload: JsonObject) -> JsonObject:
    return _dict(_dict(payload["state"])["values"])


def _set(payload: JsonObject, field: str, entry: JsonValue) -> None:
    _dict(_values(payload)[field])[field] = entry


def _dict(value: JsonValue) -> JsonObject:
    assert isinstance(value, dict)
    return value
