"""An error that nobody foresaw: the person gets a reference, the log has it, the bot goes on."""

import pytest
from structlog.testing import capture_logs

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.services.drafts import Drafts
from bot.services.referrals import Referrals

pytestmark = pytest.mark.one_store


async def breaks(*_: object, **__: object) -> None:
    raise RuntimeError("Jordan Ellis")


async def test_a_button_that_fails_says_so_with_a_reference(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)
    with monkeypatch.context() as broken:
        broken.setattr(Referrals, "accept", breaks)
        await clinic.therapist.presses(case, "Accept")
    said = await clinic.therapist.is_told_privately(case.channel_id, "Reference R-")
    assert not said.says("Jordan")

    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")


async def test_a_form_that_can_not_be_filled_says_so_with_a_reference(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Drafts, "begin", breaks)
        form = await clinic.surgeon.opens_refer_form()
        assert form.seen.says("Reference R-")
        await form.closes()


async def test_a_handler_that_fails_is_told_too(
    clinic: Clinic, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_at_once(*_: object) -> None:
        raise RuntimeError("Jordan Ellis")

    monkeypatch.setattr("bot.handlers.modals.read", breaks_at_once)
    await clinic.therapist.presses(case, "Patient details")
    said = await clinic.therapist.is_told_privately(case.channel_id, "Reference R-")
    assert not said.says("Jordan")


async def test_a_reader_that_fails_loses_no_words_and_its_author_is_told(
    clinic: Clinic, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_at_once(*_: object) -> None:
        raise RuntimeError("Jordan Ellis")

    with monkeypatch.context() as broken, capture_logs() as logged:
        broken.setattr("bot.services.session_updates.read_note", breaks_at_once)
        await clinic.therapist.replies(case, "MLD abdomen 60 min, left calf hot and swollen")
        asked = await clinic.therapist.is_asked(case, "could not be read", "Reference R-")
    assert not asked.seen.says("Jordan")
    assert [line["where"] for line in logged if "reference" in line] == ["reader"]
    await case.thread_shows("Session update 1: kept")

    form = await asked.clicks("Edit")
    sent = await form.submits(pain_after="2")
    assert sent.errors
    await form.closes()


async def test_girths_that_can_not_be_read_are_told_at_their_field(
    clinic: Clinic, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    await clinic.therapist.replies(case, "MLD abdomen 60 min. No red flags.")
    asked = await clinic.therapist.is_asked(case)
    form = await asked.clicks("Edit")

    def breaks_at_once(*_: object) -> None:
        raise RuntimeError("Jordan Ellis")

    with monkeypatch.context() as broken:
        broken.setattr("bot.care.session_form.read_note", breaks_at_once)
        refused = await form.submits(girths="abdomen 92")
    assert "Reference R-" in " ".join(refused.errors.values())
    sent = await form.submits(girths="abdomen 92")
    assert sent.ok, sent
    await case.thread_shows("abdomen 92 cm")


async def test_a_note_that_sends_for_help_without_a_known_sign_is_asked_about(
    clinic: Clinic, case: Case
) -> None:
    await clinic.therapist.replies(case, "She looked awful, so I stopped and called 911 for her.")
    await clinic.therapist.is_asked(case, "Possible sign, please check")
    await case.thread_shows("Session update 1: kept")
