"""Erasing a patient erases what colleagues have begun to write of them, and nobody else's draft."""

from datetime import date
from uuid import uuid4

from sqlalchemy import text

from bot.care.erasing import ErasureReason
from bot.care.referral_form import FormStep, PatientPart
from bot.care.request import ConsentBy
from bot.services.actor import Actor, Surface
from bot.services.erasing import Erasing
from bot.services.errors import TooLate
from tests.services.test_who_may_do_what import (
    FORM,
    TEAM,
    Practice,
    clock,
    practice,
    refusal,
)

__all__ = ["clock", "practice"]


async def begins(practice: Practice, name: str) -> str:
    """The draft of another surgeon, about somebody of that name."""
    part = PatientPart(
        name=name,
        birth_date=FORM.birth_date,
        consent_by=ConsentBy.PATIENT,
        consent_on=date(2026, 11, 20),
    )
    actor = practice.actor("other_surgeon")
    step = await practice.drafts.go_on(actor, "", FormStep.PATIENT, part, uuid4().hex)
    return step.draft_id


async def test_drafts_about_an_erased_patient_are_gone_and_others_stay(practice: Practice) -> None:
    theirs, another = await begins(practice, "JORDAN ellis"), await begins(practice, "Robin Vance")
    async with practice.database.reading() as session:
        connection = await session.connection()
        code = str(await connection.scalar(text("SELECT case_code FROM referrals")))
    operator = Actor(TEAM, "operator", Surface.CLI)
    await Erasing(practice.deeds).erase(operator, code, ErasureReason.PATIENT_ASKED)

    actor = practice.actor("other_surgeon")
    assert isinstance(await refusal(practice.drafts.resume(actor, theirs)), TooLate)
    assert (await practice.drafts.resume(actor, another)).draft.form.name == "Robin Vance"
