"""What a referral needs before it is sent, step by step."""

from datetime import date, timedelta

import pytest

from bot.care.codes import Region
from bot.care.indications import Indication
from bot.care.referral_form import (
    PARTS,
    Draft,
    Field,
    FormStep,
    ReferralForm,
    SurgeryPart,
    VisitsPart,
    form_of,
    step_after,
)
from bot.care.referral_template import named_in, started_from, template_of
from bot.care.request import PaidBy
from bot.care.rules import ClinicalRules, load_rules
from bot.care.screen import open_steps, screen_of, screen_problems
from bot.views.gallery_referring import FORM, TODAY

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture(scope="module")
def rules() -> ClinicalRules:
    return load_rules()


def test_a_whole_form_has_no_problems(rules: ClinicalRules) -> None:
    assert FORM.problems(TODAY) == {}
    assert open_steps(FORM, rules.file.contraindications, TODAY) == frozenset()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.NAME, ""),
        (Field.BIRTH_DATE, date(1890, 1, 1)),
        (Field.CONSENT_BY, None),
        (Field.CONSENT_ON, TOMORROW),
        (Field.SURGERY_DATE, date(1920, 1, 1)),
        (Field.SURGERY_DATE, date(2027, 4, 14)),
        (Field.AREAS, ()),
        (Field.FINDINGS, "x" * 5000),
        (Field.MEDICATION, "x" * 501),
        (Field.SESSIONS, 0),
        (Field.START_BY, YESTERDAY),
        (Field.START_BY, date(2030, 1, 1)),
        (Field.AUTHORISATION, ""),
        (Field.VISITS, None),
        (Field.VISITS_UNTIL, YESTERDAY),
        (Field.PAID_BY, None),
    ],
)
def test_what_is_wrong_is_said_at_its_field_in_its_step(field: Field, value: object) -> None:
    form = FORM.model_copy(update={field.value: value})
    assert list(form.problems(TODAY)) == [field]
    [step] = [one for one in PARTS if field.value in PARTS[one].model_fields]
    others = [one for one in PARTS if one is not step]
    assert list(form.problems(TODAY, [step])) == [field]
    assert form.problems(TODAY, others) == {}


def test_who_pays_alone_authorises_nothing() -> None:
    form = FORM.model_copy(update={"paid_by": PaidBy.SELF})
    assert list(form.problems(TODAY)) == [Field.PAID_BY]


def test_a_hold_stops_the_referral_and_says_why(rules: ClinicalRules) -> None:
    form = FORM.model_copy(update={"holds": ("acute_thrombosis",)})
    said = screen_problems(form, rules.file.contraindications)
    assert "acute deep vein thrombosis" in said[Field.HOLDS]


def test_a_contraindication_needs_the_surgeon_s_written_word(rules: ClinicalRules) -> None:
    form = FORM.model_copy(update={"clearance": ""})
    said = screen_problems(form, rules.file.contraindications)
    assert said == {Field.CLEARANCE: "Write your clearance for: anticoagulants."}


def test_what_is_for_the_neck_counts_only_where_the_neck_is_treated(rules: ClinicalRules) -> None:
    form = FORM.model_copy(update={"clearances": ("arrhythmia",), "clearance": ""})
    asked = rules.file.contraindications
    assert screen_problems(form, asked) == {}
    neck = form.model_copy(update={"areas": (Region.NECK,)})
    assert list(screen_problems(neck, asked)) == [Field.CLEARANCE]


def test_the_screen_is_kept_with_its_version_and_its_words(rules: ClinicalRules) -> None:
    screen = screen_of(FORM, rules)
    assert screen.version == rules.version
    assert [one.asks for one in screen.found] == ["Anticoagulants"]
    assert screen.clearance == FORM.clearance


def test_other_areas_ask_for_the_screen_anew() -> None:
    said = {name: getattr(FORM, name) for name in SurgeryPart.model_fields}
    assert FORM.filled(SurgeryPart.model_validate(said)).screened
    other = SurgeryPart.model_validate({**said, "areas": (Region.NECK,)})
    assert not FORM.filled(other).screened


def test_files_stay_until_others_are_chosen() -> None:
    said = {name: getattr(FORM, name) for name in VisitsPart.model_fields}
    none = VisitsPart.model_validate({**said, "files": ()})
    assert FORM.filled(none).files == FORM.files
    other = VisitsPart.model_validate({**said, "files": ("F0PHOTO",)})
    assert FORM.filled(other).files == ("F0PHOTO",)


def test_a_template_holds_nothing_of_the_patient_and_skips_what_it_fills_in() -> None:
    template = template_of(FORM, " my  liposuction 360 ")
    assert template.name == "my liposuction 360"
    kept = template.model_dump_json()
    for secret in ("Maria", "1984", "MRN", "555", "Enoxaparin", "Soft", "A-7788", "F0NOTE", "2026"):
        assert secret not in kept
    form = started_from(ReferralForm(), template)
    assert form.indication is Indication.LIPOSUCTION
    assert form.surgery_date is None
    assert not form.screened
    draft = Draft(form=form, step=FormStep.SCREEN, is_short=True)
    assert step_after(draft, frozenset()) is FormStep.SUMMARY
    # The payer's number is the patient's own: that step is asked.
    assert step_after(draft, {FormStep.VISITS}) is FormStep.VISITS


def test_a_template_that_names_the_patient_is_found_out() -> None:
    form = FORM.model_copy(update={"note": "Maria Example likes it gentle"})
    assert named_in(template_of(form, "x"), FORM.identifiers()) == "note"
    assert named_in(template_of(FORM, "x"), FORM.identifiers()) == ""
    assert named_in(template_of(FORM, "Maria Example"), FORM.identifiers()) == "name"


def test_a_case_that_is_opened_again_keeps_all_but_the_screen() -> None:
    again = form_of(FORM.identifiers(), FORM.request())
    kept = FORM.model_dump(exclude=_NOT_KEPT)
    assert again.model_dump(exclude=_NOT_KEPT) == kept
    assert not again.screened
    assert again.clearances == ()


_NOT_KEPT = {"clearances", "screened", "clearance", "therapist"}


def test_after_the_summary_one_comes_back_to_it_at_once() -> None:
    draft = Draft(form=FORM).at(FormStep.SUMMARY).at(FormStep.SURGERY)
    assert step_after(draft, frozenset()) is FormStep.SUMMARY
    assert step_after(draft, {FormStep.SCREEN}) is FormStep.SCREEN
