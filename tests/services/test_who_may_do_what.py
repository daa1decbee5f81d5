"""Every state, every deed, every kind of person, against a real store.

Exactly what the table allows works; all else is refused, or answered as done already, and leaves
nothing behind but an entry in the audit.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.app import default_rules
from bot.care.codes import Region
from bot.care.concern import Severity
from bot.care.course import Goals
from bot.care.credentials import UsState
from bot.care.indications import Indication
from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.care.plan import Frequency
from bot.care.referral import Move, ReferralState
from bot.care.referral_form import FormStep, PatientPart, ReferralForm
from bot.care.request import ConsentBy, PaidBy
from bot.care.sharing import ShareAnswer
from bot.care.treatment_plan import PlanAnswer, PlanDraft
from bot.clock import Clock, MovableClock
from bot.services.absences import Absences, Planned
from bot.services.actor import Actor, Surface
from bot.services.circle import Circle
from bot.services.concerns import Concerns, WrittenConcern
from bot.services.course import CompleteFilled, Course
from bot.services.deeds import Deeds
from bot.services.digests import Digests
from bot.services.drafts import Drafts
from bot.services.emergencies import Emergencies
from bot.services.emergency_group import EmergencyGroup
from bot.services.errors import (
    AccountCannotTreat,
    DeedRefused,
    NotInEmergencyGroup,
    NotYourPart,
    NotYours,
)
from bot.services.escalation import DoNotDisturb, Escalation
from bot.services.handed_over import HandedOver
from bot.services.holds import HoldAnswer, Holds
from bot.services.licences import Licences
from bot.services.open_views import OpenViews
from bot.services.people import Account, People, VerifiedLicence
from bot.services.plan_reading import PlanReading
from bot.services.plans import Plans
from bot.services.progress import Progresses
from bot.services.reading import Reading
from bot.services.referrals import Referrals, enter
from bot.services.shared_cases import SharedCases
from bot.services.templates import Templates, keep_template
from bot.services.timers import Timers
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries.referrals import referral_to_change
from bot.store.vault import Vault
from tests.databases import copy_of_template

TEAM = "T1"
S = ReferralState


@dataclass(frozen=True)
class Situation:
    """A state that a referral can be in; the surgeon may wait for an answer about the outcome."""

    state: ReferralState
    asked: bool = False

    def __str__(self) -> str:
        return f"{self.state}{' asked' if self.asked else ''}"


SITUATIONS = [
    *(Situation(state) for state in ReferralState),
    Situation(S.COMPLETED, asked=True),
    Situation(S.NOT_COMPLETED, asked=True),
]
PAIR = {"surgeon", "therapist"}
SURGEONS = {"surgeon", "covering"}
THERAPISTS = {"therapist", "covering_therapist"}
TREATING = SURGEONS | THERAPISTS
READING = TREATING | {"invited", "emergency"}
EVERYBODY = {
    "surgeon": Role.SURGEON,
    "therapist": Role.THERAPIST,
    "covering": Role.SURGEON,
    "covering_therapist": Role.THERAPIST,
    "invited": Role.SURGEON,
    "coordinator": Role.COORDINATOR,
    "emergency": Role.THERAPIST,
    "shared_with": Role.SURGEON,
    "other_surgeon": Role.SURGEON,
    "other_therapist": Role.THERAPIST,
    "guest": Role.THERAPIST,
    "deleted": Role.SURGEON,
}
PEOPLE = [*EVERYBODY, "foreign", "unknown"]
UNDER_WAY = {S.ACCEPTED, S.SCHEDULED, S.IN_PROGRESS}
REVIEWED = {S.COMPLETED, S.NOT_COMPLETED}
ALWAYS = set(ReferralState)

# Deed: who may do it, and where it has an effect.
ALLOWED: dict[str, tuple[set[str], set[ReferralState]]] = {
    "accept": (THERAPISTS, {S.REQUESTED, S.INFO_NEEDED}),
    "decline": (THERAPISTS, {S.REQUESTED, S.INFO_NEEDED}),
    "close": ({"surgeon"}, {S.DECLINED}),
    "ask_information": (THERAPISTS, {S.REQUESTED}),
    "give_information": (SURGEONS, {S.INFO_NEEDED}),
    "book": (THERAPISTS, UNDER_WAY),
    "hold": (TREATING, UNDER_WAY),
    "clear_hold": (SURGEONS, {S.ON_HOLD}),
    "cancel": (
        SURGEONS,
        {S.REQUESTED, S.INFO_NEEDED, *UNDER_WAY, S.ON_HOLD},
    ),
    "take_back_cancel": (SURGEONS, {S.CANCEL_REQUESTED}),
    "confirm_cancel": (THERAPISTS, {S.CANCEL_REQUESTED}),
    "complete": (THERAPISTS, {S.IN_PROGRESS}),
    "cannot_finish": (THERAPISTS, {*UNDER_WAY, S.ON_HOLD, S.CANCEL_REQUESTED}),
    "ask_about_outcome": (SURGEONS, REVIEWED),
    "answer_outcome": (THERAPISTS, REVIEWED),
    "review": (SURGEONS, REVIEWED),
    "refer_on": ({"surgeon"}, {S.DECLINED}),
    "refer_again": ({"surgeon"}, {S.CLOSED, S.CANCELLED}),
    "see_patient": (TREATING | {"emergency"}, ALWAYS),
    "read_case": (READING, ALWAYS),
    "see_life": (READING, ALWAYS),
    "see_what_is_offered": ({*TREATING, "coordinator"}, ALWAYS),
    "raise_concern": (TREATING, ALWAYS),
    # A coordinator's, but only where somebody has left: here nobody has.
    "name_another": ({"coordinator"}, set()),
    "close_for_absent": ({"coordinator"}, set()),
    "see_circle": (PAIR, ALWAYS),
    "invite": (PAIR, ALWAYS - {S.CLOSED, S.CANCELLED}),
    # A colleague with the same patient was shown a part of the case, by name.
    "see_shared": ({"shared_with"}, ALWAYS - {S.CLOSED, S.CANCELLED}),
    "stop_sharing": (PAIR, ALWAYS - {S.CLOSED, S.CANCELLED}),
    "see_what_is_asked": (PAIR, set()),  # it was answered
    "see_plan": (READING, ALWAYS),
    "propose_plan": (TREATING, {*UNDER_WAY, S.ON_HOLD, S.CANCEL_REQUESTED}),
    "see_why_opened": ({*TREATING, "coordinator"}, ALWAYS),
}
# These only look, or add beside the case: its own rows stay as they are.
LOOKS = {
    *("see_patient", "see_life", "read_case", "see_what_is_offered", "see_circle"),
    *("see_shared", "see_plan", "see_why_opened"),
}


def works(deed: str, who: str, at: Situation) -> bool:
    people, states = ALLOWED[deed]
    if who not in people or at.state not in states:
        return False
    if who == "invited" and at.state.is_final:
        return False  # what they were let into has ended
    if deed == "answer_outcome":
        return at.asked
    return not (deed == "ask_about_outcome" and at.asked)


class Practice:
    """A store with one referral, and everybody around it."""

    def __init__(self, database: Database, deeds: Deeds) -> None:
        self.database = database
        self.deeds = deeds
        rules = default_rules()
        self.people = People(deeds)
        self.referrals = Referrals(deeds, rules)
        self.drafts = Drafts(deeds, rules)
        self.progresses = Progresses(deeds, rules)
        self.absences = Absences(deeds)
        self.circle = Circle(deeds)
        self.emergencies = Emergencies(deeds, timedelta(hours=4))
        self.handed_over = HandedOver(deeds)
        self.course = Course(deeds, self.progresses)
        self.shared_cases = SharedCases(deeds, self.progresses)
        self.templates = Templates(deeds)
        self.plans = Plans(deeds)
        self.plan_reading = PlanReading(deeds)
        self.holds = Holds(deeds)
        self.concerns = Concerns(deeds, rules)
        self.reading = Reading(deeds, "https://clinic.slack.com", self.progresses)
        self.referral_id = ""
        self.next_therapist = ""
        self.absence_id = ""
        self.case_code = ""
        self.share_id = ""
        self.access_id = ""

    def timers(self, clock: Clock, do_not_disturb: DoNotDisturb) -> Timers:
        """A process that carries out what is due in this store."""
        return Timers(
            self.database,
            clock,
            self.referrals,
            Escalation(self.deeds, do_not_disturb),
            Licences(self.deeds),
            Digests(self.deeds),
            self.drafts,
            self.emergencies,
            self.shared_cases,
            OpenViews(self.deeds, timedelta(minutes=10)),
        )

    def actor(self, who: str) -> Actor:
        team = "T2" if who == "foreign" else TEAM
        return Actor(team, user_id("surgeon" if who == "foreign" else who), Surface.BUTTON)

    async def open(self) -> None:
        licence = VerifiedLicence("1", UsState.NY, date(2030, 1, 1))
        for who, role in EVERYBODY.items():
            account = Account(TEAM, user_id(who), Standing.MEMBER, "America/New_York")
            await self.people.register(account, role, licence=licence)
            gone = {"guest": Standing.GUEST, "deleted": Standing.DEACTIVATED}.get(who)
            if gone is not None:
                await self.people.account_changed(replace(account, standing=gone))
        await self.people.cover(TEAM, user_id("surgeon"), user_id("covering"))
        self.absence_id = await self.absences.enter(
            self.actor("therapist"),
            Planned(date(2026, 11, 23), date(2026, 11, 25), user_id("covering_therapist")),
            uuid4().hex,
        )
        referred = await self.referrals.refer(
            self.actor("surgeon"), FORM, user_id("therapist"), uuid4().hex
        )
        self.referral_id = referred.referral_id
        async with self.database.reading() as session:
            found = await session.connection()
            self.next_therapist = await found.scalar(
                text("SELECT id FROM people WHERE slack_user_id = :user"),
                {"user": user_id("other_therapist")},
            )

        await self.circle.invite(
            self.actor("surgeon"), self.referral_id, user_id("invited"), uuid4().hex
        )
        await EmergencyGroup(self.deeds).name(self.actor("coordinator"), user_id("emergency"))
        opened = await self.emergencies.open(
            self.actor("emergency"), referred.case_code, "Found on the street", uuid4().hex
        )
        self.access_id = opened.access_id
        self.case_code = referred.case_code

    async def begins_to_refer(self, who: str) -> str:
        """A draft about the same patient; gives its id."""
        part = PatientPart(
            name=FORM.name,
            birth_date=FORM.birth_date,
            consent_by=ConsentBy.PATIENT,
            consent_on=date(2026, 11, 20),
        )
        step = await self.drafts.go_on(self.actor(who), "", FormStep.PATIENT, part, uuid4().hex)
        return step.draft_id

    async def is_asked_to_share(self, who: str) -> str:
        """A colleague with the same patient asks the pair; gives what they ask."""
        draft_id = await self.begins_to_refer(who)
        await self.shared_cases.ask(self.actor(who), draft_id)
        async with self.database.reading() as session:
            found = await session.connection()
            wanted = text(
                "SELECT id FROM share_requests WHERE asked_by_id IN"
                " (SELECT id FROM people WHERE slack_user_id = :user)"
            )
            return str(await found.scalar(wanted, {"user": user_id(who)}))

    async def keeps_template(self, who: str, name: str) -> str:
        async with self.deeds.begin(self.actor(who), Deed.KEEP_TEMPLATE) as deed:
            await deed.somebody()
            await keep_template(deed, FORM, name)
        return (await self.templates.own(self.actor(who)))[0].id

    async def shares(self) -> None:
        """The pair agrees to share the case with a colleague who asks."""
        self.share_id = await self.is_asked_to_share("shared_with")
        await self.shared_cases.answer(self.actor("surgeon"), self.share_id, ShareAnswer.AGREE)

    async def put(self, at: Situation) -> None:
        """Put the referral into a situation, whatever happened before."""
        async with self.deeds.begin(None, Deed.NUDGE) as deed:
            referral = await referral_to_change(deed.session, self.referral_id)
            assert referral is not None
            referral.held_from = S.IN_PROGRESS if at.state is S.ON_HOLD else None
            referral.asked_from = S.IN_PROGRESS if at.state is S.CANCEL_REQUESTED else None
            referral.visit_at = None
            connection = await deed.session.connection()
            await connection.execute(
                text(
                    "DELETE FROM invitations WHERE person_id IN"
                    " (SELECT id FROM people WHERE slack_user_id = :user)"
                ),
                {"user": user_id("other_surgeon")},
            )
            # Whoever was let in before the case ended is let in again, unless it ends now.
            await connection.execute(
                text(
                    "UPDATE invitations SET ended_at = NULL, ended_as = NULL WHERE person_id IN"
                    " (SELECT id FROM people WHERE slack_user_id = :user)"
                ),
                {"user": user_id("invited")},
            )
            # As they were: shared, and no change of the plan proposed.
            await connection.execute(text("UPDATE share_requests SET state = 'agreed'"))
            await connection.execute(text("DELETE FROM plan_versions WHERE number > 1"))
            unsigned = at.state in {S.REQUESTED, S.INFO_NEEDED}
            await connection.execute(text(_UNSIGNED if unsigned else _SIGNED))
            await enter(deed, referral, at.state, asked=at.asked)

    async def snapshot(self) -> tuple[tuple[object, ...], int]:
        """All that a deed could leave behind, and apart from it how long the audit is."""
        async with self.database.reading() as session:
            connection = await session.connection()
            row = (
                await connection.execute(
                    text(
                        "SELECT state, step_number, next_step, next_owner, next_due, held_from,"
                        " asked_from, visit_at, updates, ended_as,"
                        " (SELECT count(*) FROM referrals), (SELECT count(*) FROM moves),"
                        " (SELECT count(*) FROM outbox), (SELECT count(*) FROM timers),"
                        " (SELECT count(*) FROM submissions), (SELECT count(*) FROM concerns),"
                        " (SELECT count(*) FROM patients), (SELECT count(*) FROM rooms),"
                        " (SELECT count(*) FROM share_requests WHERE state = 'agreed'),"
                        " (SELECT count(*) FROM plan_versions),"
                        " (SELECT count(*) FROM plan_versions WHERE state = 'in_force'),"
                        " (SELECT count(*) FROM emergency_accesses),"
                        " (SELECT count(*) FROM referral_drafts),"
                        " (SELECT count(*) FROM referral_templates),"
                        " (SELECT max(seq) FROM audit_entries)"
                        " FROM referrals WHERE id = :id"
                    ),
                    {"id": self.referral_id},
                )
            ).one()
            *left, audited = row
            return tuple(left), int(audited)

    def deed(self, name: str) -> Callable[[Actor], Awaitable[object]]:
        case, view = self.referral_id, uuid4().hex
        simple = {
            "ask_information": Move.ASK_INFORMATION,
            "give_information": Move.GIVE_INFORMATION,
            "hold": Move.HOLD,
            "cancel": Move.CANCEL,
            "take_back_cancel": Move.TAKE_BACK_CANCEL,
            "confirm_cancel": Move.CONFIRM_CANCEL,
            "cannot_finish": Move.CANNOT_FINISH,
            "ask_about_outcome": Move.ASK_ABOUT_OUTCOME,
            "answer_outcome": Move.ANSWER_OUTCOME,
            "review": Move.REVIEW,
        }
        if name in simple:
            return lambda who: self.course.make(who, case, simple[name], None, "because", view)
        found: dict[str, Callable[[Actor], Awaitable[object]]] = {
            "accept": lambda who: self.referrals.accept(who, case),
            "decline": lambda who: self.referrals.decline(who, case, "because"),
            "close": lambda who: self.referrals.close(who, case),
            "book": lambda who: self.course.book(who, case, date(2026, 11, 30), time(9), view),
            "clear_hold": lambda who: self.holds.answer(who, case, HoldAnswer.CLEAR, None, view),
            "complete": lambda who: self.course.complete(
                who, case, CompleteFilled(Goals.ALL, "Better"), view
            ),
            "refer_on": lambda who: self.referrals.refer_on(who, case, self.next_therapist),
            "refer_again": lambda who: self.drafts.begin_again(who, case),
            "see_patient": lambda who: self.reading.patient(who, case),
            "see_life": lambda who: self.course.life(who, case),
            "read_case": lambda who: self.reading.case_for(who, case, Deed.READ_CASE),
            "see_what_is_offered": lambda who: self.course.offered(who, case),
            "name_another": lambda who: self.handed_over.name(
                who, case, user_id("other_therapist"), view
            ),
            "close_for_absent": lambda who: self.handed_over.close(who, case),
            "see_circle": lambda who: self.circle.of(who, case),
            "invite": lambda who: self.circle.invite(who, case, user_id("other_surgeon"), view),
            "raise_concern": lambda who: self.concerns.raise_from_form(
                who, case, WrittenConcern(Severity.SOON, "Warm"), view
            ),
            "see_shared": lambda who: self.shared_cases.shared(who, self.share_id),
            "stop_sharing": lambda who: self.shared_cases.answer(
                who, self.share_id, ShareAnswer.DECLINE
            ),
            "see_what_is_asked": lambda who: self.shared_cases.to_answer(who, self.share_id),
            "see_plan": lambda who: self.plan_reading.plan(who, case),
            "propose_plan": lambda who: self.plans.propose(who, case, PROPOSAL, view),
            "see_why_opened": lambda who: self.emergencies.why(who, self.access_id),
        }
        return found[name]


def user_id(who: str) -> str:
    return f"U{who.upper().replace('_', '')}"


FORM = ReferralForm(
    name="Jordan Ellis",
    birth_date=date(1984, 5, 17),
    indication=Indication.LIPOSUCTION,
    surgery_date=date(2026, 11, 10),
    areas=(Region.ABDOMEN,),
    sessions=10,
    frequency=Frequency.TWO_A_WEEK,
    consent_by=ConsentBy.PATIENT,
    consent_on=date(2026, 11, 20),
    screened=True,
    paid_by=PaidBy.SELF,
)
_SIGNED = (
    "UPDATE plan_versions SET state = 'in_force', answered_at = proposed_at,"
    " answered_by_id = proposed_by_id, replaced_at = NULL, answer_sealed = NULL"
)
_UNSIGNED = (
    "UPDATE plan_versions SET state = 'proposed', answered_at = NULL, answered_by_id = NULL,"
    " replaced_at = NULL, answer_sealed = NULL"
)
PROPOSAL = PlanDraft(
    sessions=12, frequency=Frequency.WEEKLY, areas=(Region.ABDOMEN,), reason="She heals well"
)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))


@pytest.fixture
async def practice(
    sqlite_template: Path, tmp_path: Path, clock: MovableClock
) -> AsyncIterator[Practice]:
    database = await Database.open(await copy_of_template(sqlite_template, tmp_path))
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")), clock=clock)
    audit = AuditLog(vault.audit_key())
    opened = Practice(
        database, Deeds(database, vault, audit, clock, vault.mailbox_key, lambda: None)
    )
    await opened.open()
    yield opened
    await database.close()


def expected_refusal(who: str, at: Situation, deed: str) -> tuple[type[DeedRefused], ...]:
    """What an outsider hears does not say whether there is such a case."""
    if deed == "see_shared" and who in {"invited", "covering"}:
        return (NotYours,)  # they could be shown it, but did not ask
    if who == "shared_with":
        return (NotYours,) if at.state.is_final else (NotYourPart,)
    if who in {"guest", "deleted"}:
        return (AccountCannotTreat,)
    if who == "invited" and at.state.is_final:
        return (NotYours,)
    if who in {*READING, "coordinator"}:
        return (NotYourPart,)
    return (NotYours,)


@pytest.mark.parametrize("at", SITUATIONS, ids=str)
async def test_exactly_what_the_table_allows_works(practice: Practice, at: Situation) -> None:
    await practice.shares()
    await practice.put(at)
    before, entries = await practice.snapshot()
    for name, (allowed, _) in ALLOWED.items():
        outsiders = [who for who in PEOPLE if who not in allowed]
        for who in outsiders:
            refused = await refusal(practice.deed(name)(practice.actor(who)))
            expected = expected_refusal(who, at, name)
            assert isinstance(refused, expected), f"{who}, {name}: {refused!r}"
        now, entries_now = await practice.snapshot()
        assert now == before, f"an outsider does {name} at {at}"
        assert entries_now == entries + len(outsiders), f"outsiders do {name} at {at}"
        entries = entries_now
        for who in filter(allowed.__contains__, PEOPLE):
            case = f"{who} does {name} at {at}"
            refused = await refusal(practice.deed(name)(practice.actor(who)))
            now, entries_now = await practice.snapshot()
            if works(name, who, at):
                assert refused is None, case
                assert (now != before) is (name not in LOOKS), case
                assert entries_now > entries, case
                if name not in LOOKS:
                    await practice.put(at)
                    before, entries_now = await practice.snapshot()
            else:
                # Theirs to do, but not now: answered kindly, and nothing is changed.
                assert now == before, case
            entries = entries_now


SIGNS = [Situation(state) for state in sorted(ALLOWED["propose_plan"][1])]


@pytest.mark.parametrize("at", SIGNS, ids=str)
@pytest.mark.parametrize(("by", "others"), [("surgeon", THERAPISTS), ("therapist", SURGEONS)])
async def test_only_the_other_side_answers_a_proposed_plan(
    practice: Practice, at: Situation, by: str, others: set[str]
) -> None:
    for signs in sorted(others):
        await practice.put(at)
        version = await practice.plans.propose(
            practice.actor(by), practice.referral_id, PROPOSAL, uuid4().hex
        )
        before, entries = await practice.snapshot()
        outsiders = [who for who in PEOPLE if who not in others]
        for who in outsiders:
            refused = await refusal(
                practice.plans.answer(practice.actor(who), version, PlanAnswer.COUNTERSIGN)
            )
            unshared = (NotYours,) if who == "shared_with" else expected_refusal(who, at, "sign")
            assert isinstance(refused, unshared), f"{who} signs at {at}: {refused!r}"
        assert await practice.snapshot() == (before, entries + len(outsiders))
        answer = practice.plans.answer(practice.actor(signs), version, PlanAnswer.COUNTERSIGN)
        assert await refusal(answer) is None
        assert (await practice.snapshot())[0] != before


async def test_a_wish_to_share_is_answered_by_the_two_alone(practice: Practice) -> None:
    share_id = await practice.is_asked_to_share("shared_with")
    before, entries = await practice.snapshot()
    outsiders = [who for who in PEOPLE if who not in PAIR]
    for who in outsiders:
        for work in (
            practice.shared_cases.to_answer(practice.actor(who), share_id),
            practice.shared_cases.answer(practice.actor(who), share_id, ShareAnswer.AGREE),
        ):
            refused = await refusal(work)
            assert isinstance(refused, (NotYours, NotYourPart, AccountCannotTreat)), who
    assert await practice.snapshot() == (before, entries + 2 * len(outsiders))
    for who in sorted(PAIR):
        await practice.shared_cases.to_answer(practice.actor(who), share_id)
    agrees = practice.shared_cases.answer(practice.actor("therapist"), share_id, ShareAnswer.AGREE)
    assert await agrees


async def test_a_draft_and_a_template_are_their_surgeon_s_alone(practice: Practice) -> None:
    draft_id = await practice.begins_to_refer("other_surgeon")
    template_id = await practice.keeps_template("other_surgeon", "my liposuction 360")
    before, entries = await practice.snapshot()
    tried = 0
    for who in (one for one in PEOPLE if one != "other_surgeon"):
        actor = practice.actor(who)
        for work in (
            practice.shared_cases.ask(actor, draft_id),
            practice.drafts.resume(actor, draft_id),
            practice.drafts.send(actor, draft_id),
            practice.templates.rename(actor, template_id, "mine"),
        ):
            assert await refusal(work) is not None, who
            tried += 1
        # Of what is not theirs nothing is there to throw away, and they are not told more.
        await refusal(practice.templates.delete(actor, template_id))
        await refusal(practice.drafts.discard(actor, draft_id))
    now, entries_now = await practice.snapshot()
    assert now == before
    assert entries_now >= entries + tried
    owner = practice.actor("other_surgeon")
    assert [one.name for one in await practice.templates.own(owner)] == ["my liposuction 360"]
    await practice.shared_cases.ask(owner, draft_id)
    await practice.templates.delete(owner, template_id)
    await practice.drafts.discard(owner, draft_id)
    assert (await practice.snapshot())[0] != before


async def test_only_the_group_opens_a_case_in_an_emergency(practice: Practice) -> None:
    before, entries = await practice.snapshot()
    code = practice.case_code
    outsiders = [who for who in PEOPLE if who != "emergency"]
    for who in outsiders:
        actor = practice.actor(who)
        refused = await refusal(practice.emergencies.open(actor, code, "Because", uuid4().hex))
        assert refused is not None, who
        assert await refusal(practice.emergencies.give_back(actor, practice.access_id)) is not None
    assert await practice.snapshot() == (before, entries + 2 * len(outsiders))
    await practice.emergencies.give_back(practice.actor("emergency"), practice.access_id)
    reads = practice.reading.patient(practice.actor("emergency"), practice.referral_id)
    assert isinstance(await refusal(reads), NotYours)


async def refusal(work: Awaitable[object]) -> DeedRefused | None:
    try:
        await work
    except DeedRefused as refused:
        return refused
    return None


async def test_who_covers_acts_for_the_absent_and_only_while_they_are_away(
    practice: Practice, clock: MovableClock
) -> None:
    await practice.put(Situation(S.REQUESTED))
    accepts = practice.deed("accept")
    assert await refusal(accepts(practice.actor("covering_therapist"))) is None
    async with practice.database.reading() as session:
        found = await session.connection()
        facts, absent = (
            await found.execute(
                text(
                    "SELECT facts, therapist_id FROM audit_entries, referrals"
                    " WHERE deed = 'accept' AND outcome = 'done'"
                )
            )
        ).one()
    assert f'"covering_for":"{absent}"' in facts

    clock.advance(timedelta(days=3))
    await practice.put(Situation(S.REQUESTED))
    late = await refusal(practice.deed("accept")(practice.actor("covering_therapist")))
    assert isinstance(late, NotYours)
    assert await refusal(practice.deed("accept")(practice.actor("therapist"))) is None


async def test_an_absence_that_is_ended_early_lets_nobody_in_any_more(practice: Practice) -> None:
    await practice.put(Situation(S.IN_PROGRESS))
    looks = practice.deed("see_patient")
    assert await refusal(looks(practice.actor("covering_therapist"))) is None
    await practice.absences.end(practice.actor("therapist"), practice.absence_id)
    assert isinstance(await refusal(looks(practice.actor("covering_therapist"))), NotYours)


async def test_an_access_that_is_over_lets_nobody_in_though_its_timer_has_not_run(
    practice: Practice, clock: MovableClock
) -> None:
    who, case = practice.actor("emergency"), practice.referral_id
    clock.advance(timedelta(hours=4) - timedelta(seconds=1))
    assert await refusal(practice.reading.patient(who, case)) is None
    clock.advance(timedelta(seconds=1))
    assert isinstance(await refusal(practice.reading.patient(who, case)), NotYours)


async def test_whose_account_goes_is_out_of_the_group_and_their_access_ends(
    practice: Practice,
) -> None:
    who, case = practice.actor("emergency"), practice.referral_id
    assert await refusal(practice.reading.patient(who, case)) is None
    account = Account(TEAM, user_id("emergency"), Standing.MEMBER, "America/New_York")
    await practice.people.account_changed(replace(account, standing=Standing.DEACTIVATED))
    assert isinstance(await refusal(practice.reading.patient(who, case)), AccountCannotTreat)

    # Who comes back is asked for anew: neither the group nor what was open waited for them.
    await practice.people.account_changed(account)
    assert isinstance(await refusal(practice.reading.patient(who, case)), NotYours)
    opens = practice.emergencies.open(who, practice.case_code, "Found on the street", uuid4().hex)
    assert isinstance(await refusal(opens), NotInEmergencyGroup)
    async with practice.database.reading() as session:
        found = await session.connection()
        ended = await found.scalar(
            text("SELECT ended_at FROM emergency_accesses WHERE id = :id"),
            {"id": practice.access_id},
        )
    assert ended is not None


async def test_an_access_is_of_one_person_to_one_case(practice: Practice) -> None:
    case = practice.referral_id
    await EmergencyGroup(practice.deeds).name(
        practice.actor("coordinator"), user_id("other_therapist")
    )
    other = practice.actor("other_therapist")
    assert isinstance(await refusal(practice.reading.patient(other, case)), NotYours)


async def test_the_gate_itself_asks_who_is_in_the_group(practice: Practice) -> None:
    async def asks(who: str) -> None:
        async with practice.deeds.begin(practice.actor(who), Deed.EMERGENCY_ACCESS) as deed:
            await deed.referral(practice.referral_id)

    assert isinstance(await refusal(asks("other_therapist")), NotYours)
    assert isinstance(await refusal(asks("surgeon")), NotYourPart)
    assert await refusal(asks("emergency")) is None
