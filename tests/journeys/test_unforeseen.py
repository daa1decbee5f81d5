"""An error that nobody foresaw: the person gets a reference, the log has it, the bot goes on."""

import pytest

from bot.demo.clinic import Clinic
from bot.services.people import People
from bot.services.referrals import Referrals
from tests.journeys.test_the_loop import treatment_under_way


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
        broken.setattr(People, "role_of", breaks)
        form = await clinic.surgeon.opens_refer_form()
        assert form.seen.says("Reference R-")
        await form.closes()


async def test_a_handler_that_fails_is_told_too(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await treatment_under_way(clinic)

    def breaks_at_once(*_: object) -> None:
        raise RuntimeError("Jordan Ellis")

    monkeypatch.setattr("bot.handlers.answering.read", breaks_at_once)
    await clinic.therapist.presses(case, "Patient details")
    said = await clinic.therapist.is_told_privately(case.channel_id, "Reference R-")
    assert not said.says("Jordan")
