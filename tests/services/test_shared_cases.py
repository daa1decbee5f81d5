"""A wish to share a case against a real store: how long it waits, how often one may look."""

from datetime import date, timedelta
from uuid import uuid4

from bot.care.permissions import Deed
from bot.care.referral import ReferralState
from bot.care.referral_form import FormStep, PatientPart
from bot.care.request import ConsentBy
from bot.care.sharing import ASK_LASTS, LOOKS_COUNTED_FOR, MOST_LOOKS, ShareAnswer, ShareStanding
from bot.clock import MovableClock
from bot.services.errors import DeedRefused, NotYours, TooLate
from bot.services.shared_cases import SharedCases
from bot.shown.referring import ShownFormStep
from tests.services.test_who_may_do_what import (
    FORM,
    Practice,
    Situation,
    clock,
    practice,
    refusal,
)

__all__ = ["clock", "practice"]
ASKER = "other_surgeon"


class Asking:
    """A surgeon who begins to refer people, and what the form tells them."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self.shared = SharedCases(practice.deeds, practice.progresses)
        self.actor = practice.actor(ASKER)

    async def begins(self, name: str = FORM.name) -> ShownFormStep:
        part = PatientPart(
            name=name,
            birth_date=FORM.birth_date,
            consent_by=ConsentBy.PATIENT,
            consent_on=date(2026, 11, 20),
        )
        step = await self._practice.drafts.go_on(
            self.actor, "", FormStep.PATIENT, part, uuid4().hex
        )
        return await self.shared.found_for(self.actor, step)

    async def looks_again(self, step: ShownFormStep) -> ShownFormStep:
        return await self.shared.found_for(self.actor, step)

    async def asks(self, step: ShownFormStep) -> str:
        """The one wish that there is then."""
        await self.shared.ask(self.actor, step.draft_id)
        async with self._practice.database.reading() as session:
            connection = await session.connection()
            found = await connection.exec_driver_sql("SELECT id FROM share_requests")
            return str(found.scalar_one())

    async def stands(self, share_id: str) -> ShareStanding:
        found = await self.shared.share(share_id)
        assert found is not None
        return found.standing

    async def messages(self) -> int:
        async with self._practice.database.reading() as session:
            connection = await session.connection()
            found = await connection.exec_driver_sql(
                "SELECT count(*) FROM outbox WHERE kind = 'share_asked' AND operation = 'post'"
            )
            return int(found.scalar_one())


async def test_a_question_that_nobody_answers_lapses_and_can_be_asked_again(
    practice: Practice, clock: MovableClock
) -> None:
    asking = Asking(practice)
    step = await asking.begins("jordan  ÉLLIS")
    assert step.elsewhere.can_ask
    share_id = await asking.asks(step)
    assert await asking.asks(step) == share_id
    assert await asking.messages() == 2
    assert (await asking.looks_again(step)).elsewhere.waits

    clock.advance(ASK_LASTS)
    assert await asking.stands(share_id) is ShareStanding.LAPSED
    late = await asking.shared.answer(practice.actor("therapist"), share_id, ShareAnswer.AGREE)
    assert not late
    assert (await asking.looks_again(step)).elsewhere.can_ask
    assert await asking.asks(step) == share_id
    assert await asking.messages() == 4
    assert await asking.stands(share_id) is ShareStanding.WAITS


async def test_what_was_shared_is_gone_when_the_case_ends(practice: Practice) -> None:
    asking = Asking(practice)
    share_id = await asking.asks(await asking.begins())
    await asking.shared.answer(practice.actor("surgeon"), share_id, ShareAnswer.AGREE)
    shown = await asking.shared.shared(asking.actor, share_id)
    assert (shown.planned, shown.plan, shown.progress) == (FORM.sessions, None, None)

    await practice.put(Situation(ReferralState.CANCELLED))
    assert await asking.stands(share_id) is ShareStanding.CASE_ENDED
    assert isinstance(await refusal(asking.shared.shared(asking.actor, share_id)), NotYours)
    assert not await asking.shared.answer(practice.actor("surgeon"), share_id, ShareAnswer.DECLINE)


async def test_who_looks_for_too_many_people_in_a_day_is_told_nothing_of_another(
    practice: Practice, clock: MovableClock
) -> None:
    asking = Asking(practice)
    first = await asking.begins()
    for number in range(MOST_LOOKS - 1):
        assert (await asking.begins(f"Nobody {chr(65 + number)}")).elsewhere.was_looked
    one_more = await asking.begins("Nobody Else")
    assert not one_more.elsewhere.was_looked
    assert isinstance(await refusal(asking.shared.ask(asking.actor, one_more.draft_id)), TooLate)
    assert (await asking.looks_again(first)).elsewhere.can_ask, "known already"

    clock.advance(LOOKS_COUNTED_FOR + timedelta(minutes=1))
    assert (await asking.looks_again(one_more)).elsewhere.was_looked


async def test_only_the_two_answer_and_only_who_asked_looks(practice: Practice) -> None:
    asking = Asking(practice)
    share_id = await asking.asks(await asking.begins())
    for who in ("covering", "covering_therapist", "invited", "coordinator", ASKER, "guest"):
        work = asking.shared.answer(practice.actor(who), share_id, ShareAnswer.AGREE)
        assert isinstance(await refusal(work), DeedRefused), who
    assert await asking.stands(share_id) is ShareStanding.WAITS
    assert isinstance(await refusal(asking.shared.shared(asking.actor, share_id)), NotYours)

    assert await asking.shared.answer(practice.actor("therapist"), share_id, ShareAnswer.AGREE)
    for who in ("surgeon", "therapist", "covering", "invited", "coordinator", "other_therapist"):
        look = asking.shared.shared(practice.actor(who), share_id)
        assert isinstance(await refusal(look), DeedRefused), who
    # Being shown a part of a case is no way into the rest of it.
    for deed in (Deed.READ_CASE, Deed.SEE_CASE):
        rest = practice.reading.case_for(asking.actor, practice.referral_id, deed)
        assert await refusal(rest) is not None
    assert (await asking.shared.shared(asking.actor, share_id)).case_code
