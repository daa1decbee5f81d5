"""Every field in which somebody can write: the guard on free text reads it, or it says why not."""

from collections.abc import Iterable, Sequence

import pytest

from bot.care.identifiers import Finding, Kind, find, kinds_of
from bot.care.request import Identifiers
from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import PATIENT, Case
from tests.journeys.test_course import chooses
from tests.journeys.test_referring import steps
from tests.threats.canaries import forms
from tests.views.client import wire

pytestmark = pytest.mark.one_store

NOT_OF_A_PATIENT = {
    *(("refer", one) for one in ("name", "record_number", "phone")),  # who it is: kept as that
    *(("refer", "save_as"), ("rename_template", "save_as")),  # refused where it names the patient
    ("log_session", "girths"),  # places and centimetres; anything else is an error
    ("emergency_access", "case_code"),
    ("emergency_access", "reason"),  # kept without identifiers from the start: test_emergency.py
    *(("entry_licence", "number"), ("entry_practice", "places"), ("find_colleague", "find_place")),
    *(("edit_telephone", "telephone"), ("working_time", "region")),
}
# Where days have to pass first, and a name is typed in a story of its own.
ELSEWHERE = {
    ("wish_for_plan", "words"),  # test_identifiers_typed.py
    ("patient_feedback", "patient_quote"),  # test_session_updates.py
}


def text_fields() -> set[tuple[str, str]]:
    """Form and field of every text input of every form."""
    found = set()
    for form, drawn in forms().items():
        blocks = wire(drawn)["blocks"]
        for block in blocks if isinstance(blocks, list) else []:
            element = block.get("element") if isinstance(block, dict) else None
            if isinstance(element, dict) and element.get("type") == "plain_text_input":
                found.add((form, str(element["action_id"])))
    return found


class Read:
    """What the guard has read, and from which fields each form's words came."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._typed: set[tuple[str, str]] = set()

    def typed(self, form: str, *fields: str) -> dict[str, str]:
        """Words that stand in no other field, for each of `fields`."""
        self._typed |= {(form, field) for field in fields}
        return {field: _mark(form, field) for field in fields}

    def read(self) -> set[tuple[str, str]]:
        """The fields whose words came to the guard."""
        read = "\n".join(self.texts)
        return {(form, field) for form, field in self._typed if _mark(form, field) in read}


def _mark(form: str, field: str) -> str:
    return f"zq{form}{field}q".replace("_", "")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The author is told what `watch` finds, which is the only one to ask of what kind it is."""
    found = Read()
    last = [""]

    def looked(text: str, patients: Iterable[Identifiers]) -> tuple[Finding, ...]:
        last[0] = text
        return find(text, patients)

    def told(findings: Sequence[Finding]) -> tuple[Kind, ...]:
        found.texts.append(last[0])
        return kinds_of(findings)

    monkeypatch.setattr("bot.services.identifiers.find", looked)
    monkeypatch.setattr("bot.services.identifiers.kinds_of", told)
    return found


async def test_every_field_of_every_form_is_read_by_the_guard(sqlite_url: str, read: Read) -> None:
    async with open_clinic(sqlite_url, MovableClock()) as clinic:
        case = await _refers(clinic, read)
        await _moves(clinic, case, read)
        await _plans(clinic, case, read)
        await _withdraws_a_concern(clinic, case, read)
        await _logs(clinic, case, read)
        await _ends(clinic, case, read)
        await _settles_a_concern(clinic, read)
        await clinic.settled()
    assert text_fields() - NOT_OF_A_PATIENT - ELSEWHERE - read.read() == set()


async def _refers(clinic: Clinic, read: Read) -> Case:
    written = read.typed(
        "refer",
        *("authorisation", "clearance", "complications", "drains", "findings", "garment", "goals"),
        *("home_care", "medication", "note", "precautions", "question", "stop_rules"),
    )
    form = steps(await clinic.surgeon.opens_refer_form())
    await form.goes_on_to("Contraindications", **{**PATIENT, **written})
    sent = await form.submits(
        **{
            **PATIENT,
            **written,
            "clearances": "anticoagulants",
            "paid_by": "payer",
            "visits": "10",
            "visits_until": "2027-03-01",
        },
        therapist=clinic.therapist.user_id,
    )
    assert sent.ok
    code = clinic.surgeon.reads_code()
    await clinic.therapist.gets_message(code)
    return clinic.surgeon.looks_at_the_card(code, clinic.therapist)


async def _moves(clinic: Clinic, case: Case, read: Read) -> None:
    form = await clinic.therapist.opens(case, "Ask a question")
    await form.submits(**read.typed("make_move", "move_words"))
    await clinic.surgeon.gets_message(case.code, "needs to know something")
    form = await clinic.surgeon.opens(case, "Answer the question")
    await form.submits(move_words="Yes.")
    await clinic.therapist.gets_message(case.code, "answers")
    await clinic.therapist.presses(case, "Accept")


async def _plans(clinic: Clinic, case: Case, read: Read) -> None:
    form = await clinic.therapist.opens(case, "Plan")
    written = read.typed("propose_plan", "goals", "home_care", "reason", "stop_rules")
    sent = await form.submits(sessions="12", **written)
    assert not sent.errors, sent.errors
    proposed = await case.thread_shows("Change of plan proposed")
    proposed.reader = clinic.surgeon
    form = await proposed.clicks("Decline")
    await form.submits(**read.typed("decline_plan", "reason"))


async def _withdraws_a_concern(clinic: Clinic, case: Case, read: Read) -> None:
    form = await clinic.therapist.opens(case, "Raise a concern")
    written = read.typed("raise_concern", "words", "background", "assessment", "recommendation")
    sent = await form.submits(severity="soon", **written)
    assert not sent.errors, sent.errors
    posted = await case.thread_shows("Raised by Sam Lee")
    posted.reader = clinic.therapist
    form = await posted.clicks("Withdraw")
    await form.submits(**read.typed("withdraw_concern", "reason"))


async def _settles_a_concern(clinic: Clinic, read: Read) -> None:
    case = await clinic.surgeon.refers(clinic.therapist, name="Noa Ember")
    await clinic.therapist.gets_message(case.code)
    await clinic.therapist.presses(case, "Accept")
    await clinic.therapist.replies(case, "concern: left calf hot and swollen")
    posted = await case.thread_shows("Raised by Sam Lee")
    alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
    form = await alert.clicks("Acknowledge")
    await form.submits(decision="continue", **read.typed("acknowledge_concern", "note"))
    posted.reader = clinic.surgeon
    form = await posted.clicks("Resolve")
    await form.submits(**read.typed("resolve_concern", "resolution"))


async def _logs(clinic: Clinic, case: Case, read: Read) -> None:
    form = await clinic.therapist.opens(case, "Log a session")
    written = read.typed(
        "log_session", "concern", "home_care", "patient_quote", "plan_change_request"
    )
    sent = await form.submits(duration_min="60", techniques="mld", none_observed="yes", **written)
    assert not sent.errors, sent.errors


async def _ends(clinic: Clinic, case: Case, read: Read) -> None:
    form = await chooses(clinic.therapist, case, "Finish with a report")
    await form.submits(
        goals="most", **read.typed("outcome_report", "outcome_answer", "outcome_advice")
    )

    other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
    await clinic.therapist.gets_message(other.code)
    form = await clinic.therapist.opens(other, "Decline")
    await form.submits(**read.typed("decline_referral", "reason"))
