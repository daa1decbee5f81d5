"""What is asked in each step of the referral form, with what was answered so far."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, Option

from bot.care.codes import Region, Technique
from bot.care.indications import Indication
from bot.care.plan import LONGEST_PLAN_TEXT, MOST_SESSIONS, Frequency, Pressure
from bot.care.referral_form import (
    LONGEST_AUTHORISATION,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_RECORD_NUMBER,
    LONGEST_SHORT_TEXT,
    LONGEST_TEXT,
    MOST_VISITS,
    Field,
    FormStep,
)
from bot.care.request import LONGEST_GOAL, MOST_GOALS, ConsentBy, PaidBy, ReferralPriority
from bot.care.rules import Screening
from bot.shown.referring import ShownFormStep
from bot.views.carried import AboutDraft, AboutStep, Action
from bot.views.directory_words import reasons_line
from bot.views.forms import inputs
from bot.views.message import actions, button, section, small_print
from bot.views.session_words import TECHNIQUES
from bot.views.text import counted, escape, mention, when

MOST_FILES: Final = 10
_FILES: Final = ("pdf", "doc", "docx", "txt", "jpg", "jpeg", "png", "heic")


def _patient(shown: ShownFormStep) -> list[Block]:
    form, blocks = shown.draft.form, list[Block]()
    if shown.waiting is not None:
        about = AboutDraft(draft_id=shown.waiting.draft_id, step=FormStep.PATIENT.value)
        blocks.append(
            section(
                "A referral that you began is not sent. "
                f"You changed it {when(shown.waiting.changed_at)}.",
                accessory=button(Action.RESUME_DRAFT, "Go on with it", about),
            )
        )
    if shown.templates:
        blocks.append(
            inputs.perhaps_one(
                Field.TEMPLATE,
                "Start from a template",
                [inputs.worded(one.id, one.name) for one in shown.templates],
                initial=shown.draft.template_id,
            )
        )
        blocks += actions(
            [button(Action.TEMPLATES, "Your templates", says="Rename or delete your templates")]
        )
    if shown.is_again:
        blocks.append(section("The patient is the one of the case that you open again."))
    else:
        blocks += [
            small_print("Kept encrypted, never posted in a channel. Every look at it is recorded."),
            inputs.typed(Field.NAME, "Name", longest=LONGEST_NAME, initial=form.name),
            inputs.day(Field.BIRTH_DATE, "Date of birth", initial=form.birth_date),
            inputs.typed(
                Field.RECORD_NUMBER,
                "Record number",
                longest=LONGEST_RECORD_NUMBER,
                optional=True,
                initial=form.record_number,
            ),
            inputs.typed(
                Field.PHONE, "Phone", longest=LONGEST_PHONE, optional=True, initial=form.phone
            ),
        ]
    return [
        *blocks,
        inputs.one_of(
            Field.CONSENT_BY,
            "Who agreed to the referral",
            ConsentBy,
            hint="The consent that you have on file.",
            initial=form.consent_by,
        ),
        inputs.day(Field.CONSENT_ON, "Day of the consent", initial=form.consent_on),
    ]


def _surgery(shown: ShownFormStep) -> list[Block]:
    form = shown.draft.form
    return [
        inputs.one_of(
            Field.INDICATION,
            "Reason for referral",
            Indication,
            hint="Shown on the case card, without the patient's name.",
            initial=form.indication,
        ),
        inputs.day(
            Field.SURGERY_DATE,
            "Date of surgery",
            optional=True,
            hint="Needed if the referral follows surgery.",
            initial=form.surgery_date,
        ),
        inputs.some_of(Field.AREAS, "Areas to treat", Region, initial=form.areas),
        _lines(Field.FINDINGS, "Your findings", LONGEST_TEXT, form.findings),
        _line(Field.DRAINS, "Drains", form.drains, "None, or where and until when."),
        _line(Field.GARMENT, "Garment", form.garment, "Which one, and how many hours a day."),
        _lines(Field.COMPLICATIONS, "Complications", LONGEST_SHORT_TEXT, form.complications),
        _lines(
            Field.MEDICATION,
            "Medication that matters",
            LONGEST_SHORT_TEXT,
            form.medication,
            "Anticoagulants above all.",
        ),
        _lines(
            Field.PRECAUTIONS, "Other precautions", LONGEST_TEXT, form.precautions, "What to avoid."
        ),
    ]


def _screen(shown: ShownFormStep) -> list[Block]:
    form, asked = shown.draft.form, shown.screen
    if asked is None:
        raise ValueError("the screen is drawn from the rules")
    blocks: list[Block] = [
        small_print(f"Clinical rules {escape(asked.version)}. {escape(asked.source)}."),
        inputs.boxes(
            Field.HOLDS,
            "Does the patient have any of these now?",
            _asked(asked.hold),
            ticked=form.holds,
            optional=True,
            hint="Any one of them holds massage.",
        ),
        inputs.boxes(
            Field.CLEARANCES,
            "Or any of these?",
            _asked(asked.clearance),
            ticked=form.clearances,
            optional=True,
            hint="These need your written clearance.",
        ),
    ]
    if asked.there:
        blocks.append(
            inputs.boxes(
                Field.CLEARANCES_THERE,
                "For the areas that you chose: any of these?",
                _asked(asked.there),
                ticked=form.clearances,
                optional=True,
                hint="These need your written clearance too.",
            )
        )
    return [
        *blocks,
        inputs.tick(
            Field.SCREENED,
            "Checked",
            inputs.option(Field.SCREENED, "I went through the list; nothing else of it applies"),
            ticked=form.screened,
            optional=False,
        ),
        _lines(
            Field.CLEARANCE,
            "Your clearance",
            LONGEST_TEXT,
            form.clearance,
            "What may be done, and within which limits. The therapist reads it.",
        ),
    ]


def _plan(shown: ShownFormStep) -> list[Block]:
    form, blocks = shown.draft.form, list[Block]()
    if shown.evidence is not None:
        blocks.append(
            small_print(
                f"What is known: {escape(shown.evidence.says)} ({escape(shown.evidence.source)})"
            )
        )
    return [
        *blocks,
        inputs.typed(
            Field.GOALS,
            "Goals",
            longest=MOST_GOALS * LONGEST_GOAL,
            lines=True,
            optional=True,
            hint="A line each. The progress report shows which are reached.",
            placeholder="Raise both arms above the head",
            initial=form.goals,
        ),
        inputs.perhaps_some(
            Field.TECHNIQUES,
            "Techniques",
            [inputs.option(one, TECHNIQUES[one]) for one in Technique],
            initial=form.techniques,
        ),
        inputs.perhaps_one(
            Field.PRESSURE,
            "Pressure",
            [inputs.option(one, one.label) for one in Pressure],
            initial=form.pressure,
        ),
        inputs.number(Field.SESSIONS, "How many sessions", 1, MOST_SESSIONS, initial=form.sessions),
        inputs.one_of(Field.FREQUENCY, "How often", Frequency, initial=form.frequency),
        inputs.day(Field.START_BY, "Start by", optional=True, initial=form.start_by),
        _lines(
            Field.STOP_RULES,
            "Stop rules",
            LONGEST_PLAN_TEXT,
            form.stop_rules,
            "When not to treat, and to call.",
        ),
        _lines(
            Field.HOME_CARE,
            "Home care",
            LONGEST_PLAN_TEXT,
            form.home_care,
            "What the patient does between sessions.",
        ),
        _lines(
            Field.QUESTION,
            "Your clinical question",
            LONGEST_SHORT_TEXT,
            form.question,
            "The outcome report answers it.",
        ),
    ]


def _visits(shown: ShownFormStep) -> list[Block]:
    form = shown.draft.form
    kept = (
        f"{counted(len(form.files), 'file')} kept. Files that you add now take their place."
        if form.files
        else "Operative note, photo. They stay in Slack; Careloop keeps where they are."
    )
    return [
        inputs.radio(Field.PAID_BY, "Visits", inputs.options(PaidBy), initial=form.paid_by),
        _line(
            Field.AUTHORISATION,
            "Number of the authorisation",
            form.authorisation,
            "Only if a payer authorised the visits.",
            LONGEST_AUTHORISATION,
        ),
        inputs.number(
            Field.VISITS,
            "Visits authorised",
            1,
            MOST_VISITS,
            initial=form.visits,
            optional=True,
        ),
        inputs.day(
            Field.VISITS_UNTIL, "Authorised until", optional=True, initial=form.visits_until
        ),
        inputs.files(Field.FILES, "Files", _FILES, MOST_FILES, hint=kept),
        inputs.radio(
            Field.PRIORITY,
            "Start of treatment",
            inputs.options(ReferralPriority),
            initial=form.priority,
        ),
    ]


def _therapist(shown: ShownFormStep) -> list[Block]:
    form = shown.draft.form
    return [
        *(
            section(
                mention(one.person),
                reasons_line(one.reasons),
                accessory=button(
                    Action.CHOOSE_THERAPIST,
                    "Choose",
                    AboutStep(step=FormStep.THERAPIST.value, person=one.person),
                    says=f"Choose suggestion {number}",
                ),
            )
            for number, one in enumerate(shown.suggestions, 1)
        ),
        inputs.person(
            Field.THERAPIST,
            "Massage therapist",
            hint="They are asked to accept or decline. `/network` shows who is free.",
            initial=form.therapist or None,
        ),
        _lines(
            Field.NOTE,
            "Note to the therapist",
            LONGEST_TEXT,
            form.note,
            "Read only under Patient details.",
        ),
    ]


def _asked(among: Iterable[Screening]) -> list[Option]:
    return [inputs.worded(one.code, one.asks) for one in among]


def _line(
    field: Field, label: str, initial: str, hint: str, longest: int = LONGEST_LINE
) -> InputBlock:
    return inputs.typed(field, label, longest=longest, optional=True, initial=initial, hint=hint)


def _lines(field: Field, label: str, longest: int, initial: str, hint: str = "") -> InputBlock:
    return inputs.typed(
        field, label, longest=longest, lines=True, optional=True, initial=initial, hint=hint
    )


DRAWN: Final[Mapping[FormStep, Callable[[ShownFormStep], list[Block]]]] = {
    FormStep.PATIENT: _patient,
    FormStep.SURGERY: _surgery,
    FormStep.SCREEN: _screen,
    FormStep.PLAN: _plan,
    FormStep.VISITS: _visits,
    FormStep.THERAPIST: _therapist,
}
