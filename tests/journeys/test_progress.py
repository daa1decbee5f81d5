"""Progress over time: on the card, as a picture, as a report; and never to an outsider."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlmodel import select

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.sandbox import Fault, FaultKind
from bot.store.database import Database
from bot.store.tables.audit import AuditEntry

pytestmark = pytest.mark.one_store

FIRST = (
    "Session 1, 60 min MLD abdomen, pain 6 -> 4, swelling 3+, abd 99 cm, sleep 4/10, garment 20h"
)
SECOND = (
    'Session 2, 60 min MLD abdomen, pain 4 -> 2, swelling 2+, abd 96 cm, says "I slept on my side"'
)


async def two_sessions(case: Case) -> None:
    clinic = case.clinic
    await clinic.therapist.replies(case, FIRST)
    await case.thread_shows("session update 1")
    await clinic.therapist.is_asked(case)
    await clinic.passes(days=3)
    await clinic.therapist.replies(case, SECOND)
    await case.thread_shows("session update 2")
    await clinic.therapist.is_asked(case)


async def looks_at_progress(clinic: Clinic) -> list[tuple[str, str]]:
    """What the audit has of looks at progress: the outcome, and what was looked at."""
    address = clinic.settings.database_url.get_secret_value()
    database = await Database.open(address, lock=False)
    try:
        async with database.reading() as session:
            wanted = select(AuditEntry).where(AuditEntry.deed == "see_progress")
            entries = (await session.exec(wanted)).all()
    finally:
        await database.close()
    return [(one.outcome, one.facts) for one in entries]


async def test_the_card_shows_the_last_session_beside_the_first(clinic: Clinic, case: Case) -> None:
    await two_sessions(case)

    assert case.card.says("Session 2 against the first", "pain before 6 → 4", "much better")
    assert case.card.says("Salaffi 2004", "swelling 3+ → 2+", "abdomen 99 → 96 cm: \u22123")

    await clinic.passes(days=3)
    await clinic.therapist.replies(case, "Session 3, pain 5 -> 2, abd 95 cm")
    await case.thread_shows("session update 3")
    await clinic.therapist.is_asked(case)
    assert case.card.says("Session 3 against the first", "pain before 6 → 5", "least that patients")
    assert case.card.says("and the one before", "since the one before +1")


async def test_a_card_without_sessions_offers_no_trend(clinic: Clinic, case: Case) -> None:
    assert {"Trend", "Progress report"}.isdisjoint(button.text for button in case.card.buttons)


async def test_the_surgeon_sees_the_trend_in_the_thread(clinic: Clinic, case: Case) -> None:
    await two_sessions(case)

    await clinic.surgeon.presses(case, "Trend")

    await clinic.surgeon.is_told_privately(case.channel_id, "being drawn")
    await case.thread_shows(f"Trend of case {case.code}", clinic.surgeon.name)
    (file,) = case.files()
    assert file.name == f"{case.code}-trend.png"
    assert "Jordan" not in file.title + file.alt_text
    assert "Pain before 6, 4" in file.alt_text
    assert "Girth abdomen 99 cm, 96 cm" in file.alt_text
    with Image.open(io.BytesIO(file.content)) as picture:
        assert picture.format == "PNG"
        assert picture.width == 1080
    assert await looks_at_progress(clinic) == [("done", '{"look":"trend"}')]


async def test_a_double_click_draws_one_picture_and_a_later_click_another(
    clinic: Clinic, case: Case
) -> None:
    await two_sessions(case)

    for _ in range(2):
        await clinic.surgeon.presses(case, "Trend")
        await clinic.surgeon.is_told_privately(case.channel_id, "being drawn")
    await case.thread_shows("Trend of case")
    assert len(case.files()) == 1

    await clinic.passes(minutes=2)
    await clinic.surgeon.presses(case, "Trend")
    await clinic.surgeon.is_told_privately(case.channel_id, "being drawn")
    await case.thread_shows("Trend of case")
    assert len(case.files()) == 2


async def test_the_report_comes_as_a_document_and_in_words(clinic: Clinic, case: Case) -> None:
    await two_sessions(case)

    await clinic.surgeon.presses(case, "Progress report")

    await clinic.surgeon.is_told_privately(case.channel_id, "progress report")
    await case.thread_shows(f"Progress report of case {case.code}", clinic.surgeon.name)
    words = await case.thread_shows("in words", "After liposuction", "I slept on my side")
    assert words.seen.says("Session 1, Nov 23, 60 min, not confirmed: pain before 6, pain after 4")
    (file,) = case.files()
    assert file.name == f"{case.code}-progress-report.pdf"
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    assert f"Progress report, case {case.code}" in text
    assert "I slept on my side" in text
    assert "Jordan" not in text


async def test_a_name_in_the_patient_s_words_does_not_reach_the_report(
    clinic: Clinic, case: Case
) -> None:
    await two_sessions(case)
    await clinic.passes(days=3)
    await clinic.therapist.replies(case, 'Session 3, pain 3 -> 1, says "no more grumpy Ellis"')
    await case.thread_shows("session update 3")
    await clinic.therapist.is_asked(case)
    await clinic.therapist.is_told_privately(case.channel_id, "has a name in it")

    await clinic.surgeon.presses(case, "Progress report")

    await clinic.surgeon.is_told_privately(case.channel_id, "progress report")
    await case.thread_shows("Progress report of case")
    words = await case.thread_shows("in words", "no more grumpy [patient]")
    assert not words.seen.says("Ellis")
    text = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(case.files()[0].content)).pages
    )
    assert "Ellis" not in text


async def test_an_outsider_who_kept_a_button_gets_nothing(clinic: Clinic, case: Case) -> None:
    await two_sessions(case)
    button = case.card.button("Trend")
    others = await clinic.surgeon.refers(clinic.other_therapist, name="Robin Vance")
    await clinic.other_therapist.gets_message(others.code)

    card = others.card.button("Accept")
    stolen = replace(button, block_id=card.block_id)
    await clinic.other_therapist.presses_from_memory(others, stolen)

    await clinic.other_therapist.is_told_privately(others.channel_id, "not available to you")
    assert case.files() == others.files() == []
    assert [outcome for outcome, _ in await looks_at_progress(clinic)] == ["refused"]


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.RESET_BEFORE])
@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_a_picture_is_shared_once_however_the_line_breaks(
    clinic: Clinic, step: str, kind: FaultKind, case: Case
) -> None:
    await two_sessions(case)
    clinic.slack.faults.add(Fault(kind, method=step))

    await clinic.surgeon.presses(case, "Trend")
    await clinic.surgeon.is_told_privately(case.channel_id, "being drawn")
    await clinic.passes(minutes=1)

    await case.thread_shows("Trend of case")
    await clinic.passes(minutes=5)
    assert len(case.files()) == 1


async def test_a_workspace_without_the_permission_is_told_to_a_coordinator(
    clinic: Clinic, case: Case
) -> None:
    await two_sessions(case)
    fault = Fault(FaultKind.REFUSED, method="files.*", error="missing_scope", times=None)
    clinic.slack.faults.add(fault)

    await clinic.surgeon.presses(case, "Trend")

    await clinic.surgeon.is_told_privately(case.channel_id, "being drawn")
    await clinic.coordinator.gets_message("picture of the trend", "permission")
