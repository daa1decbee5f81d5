"""The steps of the referral form give back what was filled in, and nothing that was not asked."""

import pytest
from pydantic import JsonValue
from slack_sdk.models.views import View

from bot.care.referral_form import PARTS, Field, FormStep, ReferralForm
from bot.sandbox.blockkit import JsonObject
from bot.views.carried import Tampered
from bot.views.forms.refer import ReferForm
from bot.views.gallery_referring import FORM, TODAY, at_step
from tests.views.client import buttons, filled, read, wire

ASKED = [step for step in FormStep if step is not FormStep.SUMMARY]


@pytest.mark.parametrize("step", ASKED)
def test_each_step_shows_what_was_answered_before_and_gives_it_back(step: FormStep) -> None:
    sent = ReferForm.read(filled(ReferForm.view(at_step(step))))
    assert sent.answers is not None
    merged = FORM.filled(sent.answers)
    # Slack's file input starts empty: files that are kept stay until others are chosen.
    assert merged == FORM


@pytest.mark.parametrize("step", ASKED)
def test_a_step_asks_for_its_own_fields_alone(step: FormStep) -> None:
    asked = {
        str(block["block_id"])
        for block in _blocks(ReferForm.view(at_step(step)))
        if block["type"] == "input"
    }
    own = set(PARTS[step].model_fields)
    assert asked - {Field.TEMPLATE, Field.CLEARANCES_THERE} == own


@pytest.mark.parametrize("step", FormStep)
def test_what_is_wrong_is_said_at_a_field_that_the_step_has(step: FormStep) -> None:
    inputs = {
        str(block["block_id"])
        for block in _blocks(ReferForm.view(at_step(step)))
        if block["type"] == "input"
    }
    told = ReferForm.errors(step, dict.fromkeys(Field, "Please check."))
    assert set(told) <= inputs
    assert told


@pytest.mark.parametrize("step", FormStep)
def test_one_can_go_back_from_every_step_but_the_first(step: FormStep) -> None:
    offered = [
        str(element["action_id"])
        for block in _blocks(ReferForm.view(at_step(step)))
        if block["type"] == "actions"
        for element in _list(block["elements"])
    ]
    assert ("refer_step" in offered) is (step is not FormStep.PATIENT)


def test_the_summary_says_all_that_is_sent() -> None:
    said = read(ReferForm.view(at_step(FormStep.SUMMARY)))
    for words in (
        "Maria Example",
        "After liposuction",
        "Enoxaparin until day 14",
        "Anticoagulants",
        "Light drainage only until enoxaparin ends.",
        "6 sessions, 2 times a week",
        "Does the fibrosis at the left flank soften?",
        "8 visits authorised until July 31, 2026, number A-778812",
        "1 file",
        "The evidence is thin.",
    ):
        assert words in said, words


def test_the_areas_decide_what_the_screen_asks() -> None:
    shown = at_step(FormStep.SCREEN)
    assert "Pregnancy" in read(ReferForm.view(shown))
    assert shown.screen is not None


def test_a_first_step_offers_what_was_begun_and_the_templates() -> None:
    view = ReferForm.view(at_step(FormStep.PATIENT))
    assert "Go on with it" in buttons(view)
    assert "My liposuction 360" in str(wire(view))


@pytest.mark.parametrize(
    ("step", "field", "entry"),
    [
        ("patient", "birth_date", {"type": "datepicker", "selected_date": "1984-13-45"}),
        ("surgery", "indication", {"type": "static_select", "selected_option": {"value": "magic"}}),
        ("surgery", "areas", {"type": "multi_static_select", "selected_options": {"value": "x"}}),
        ("plan", "frequency", {"type": "static_select", "selected_option": {"value": ""}}),
        ("visits", "files", {"type": "file_input", "files": [{"id": "../etc/passwd"}]}),
        ("therapist", "therapist", {"type": "users_select", "selected_user": "<!channel>"}),
        ("therapist", "note", None),
    ],
)
def test_a_field_that_the_form_cant_have_sent_is_refused(
    step: str, field: str, entry: JsonValue
) -> None:
    payload = filled(ReferForm.view(at_step(FormStep(step))))
    _object(_object(_object(payload["state"])["values"])[field])[field] = entry
    with pytest.raises(Tampered) as refused:
        ReferForm.read(payload)
    assert refused.value.where in (field, "view")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1", 1), (" 7 ", 7), ("-3", -3), ("2.5", None), ("9" * 5000, None), ("x", None)],
)
def test_a_number_that_makes_no_sense_is_a_problem_and_no_crash(
    typed: str, number: int | None
) -> None:
    payload = filled(ReferForm.view(at_step(FormStep.PLAN)))
    entry: JsonValue = {"type": "number_input", "value": typed}
    _object(_object(_object(payload["state"])["values"])["sessions"])["sessions"] = entry
    answers = ReferForm.read(payload).answers
    assert answers is not None
    form = ReferralForm().filled(answers)
    assert form.sessions == number
    sensible = number is not None and 1 <= number <= 60
    assert (Field.SESSIONS in form.problems(TODAY)) is not sensible


def _blocks(view: View) -> list[JsonObject]:
    return [_object(one) for one in _list(wire(view)["blocks"])]


def _list(value: JsonValue) -> list[JsonObject]:
    assert isinstance(value, list)
    return [_object(one) for one in value]


def _object(value: JsonValue) -> JsonObject:
    assert isinstance(value, dict)
    return value
