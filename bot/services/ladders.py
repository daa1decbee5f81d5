"""The clinic's ladders and its telephone: kept version by version, seen ahead, and edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import Severity
from bot.care.escalation import Place, Target, Way, climb
from bot.care.ladder import DEFAULT_LADDERS, Ladder
from bot.care.ladder_limits import problems
from bot.care.people import Role
from bot.care.permissions import Deed
from bot.care.text import clean_line
from bot.ids import new_id
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import LadderRefused, TextProblem
from bot.services.ladder_reach import Reach
from bot.shown.case import ShownLadder, ShownLadders, ShownTelling
from bot.store.queries import clinic as stored
from bot.store.queries import people
from bot.store.queries.referrals import open_referrals_of
from bot.store.tables.clinic import ClinicDetails, ClinicLadder
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral

LONGEST_TELEPHONE = 40
_FEWEST_DIGITS = 3
# How far a preview looks: past the top and one repetition.
_MOST_TELLINGS = 12


async def clinics_ladder(session: AsyncSession, team_id: str, severity: Severity) -> Ladder:
    """What a concern of now is raised under: the default until the clinic has its own."""
    newest = await stored.newest_ladder(session, team_id, severity)
    return Ladder.model_validate_json(newest.ladder) if newest else DEFAULT_LADDERS[severity]


async def clinics_telephone(session: AsyncSession, team_id: str) -> str:
    """Which telephone to use when nobody answers; empty while nobody has entered it."""
    known = await stored.details(session, team_id)
    return known.telephone if known else ""


class Ladders:
    """What coordinators set. `outside` are the names of the channels outside Slack."""

    def __init__(self, deeds: Deeds, outside: Sequence[str]) -> None:
        self._deeds = deeds
        self.outside = tuple(outside)

    async def all(self, actor: Actor) -> ShownLadders:
        """Every ladder, with who would be told when, if a concern came now.

        Raises `NotRegistered` to everybody but coordinators.
        """
        async with self._deeds.look(actor, Deed.EDIT_LADDER) as deed:
            who = await deed.somebody(Role.COORDINATOR)
            found = tuple([await self._shown(deed, who, severity) for severity in Severity])
            telephone = await clinics_telephone(deed.session, who.team_id)
            await deed.note("ladder", who.team_id, look="ladders")
            return ShownLadders(found, telephone)

    async def one(self, actor: Actor, severity: Severity, draft: Ladder | None) -> ShownLadder:
        """A ladder to be edited: the clinic's own, or a draft of it, and what is wrong with it."""
        async with self._deeds.look(actor, Deed.EDIT_LADDER) as deed:
            who = await deed.somebody(Role.COORDINATOR)
            return await self._shown(deed, who, severity, draft)

    async def save(self, actor: Actor, severity: Severity, ladder: Ladder) -> int:
        """Let `ladder` hold for concerns from now on; gives its version.

        `ladder.version` is the version that it was made from: if another one holds by now, nothing
        is changed. Raises `NotRegistered` and `LadderRefused` with every reason.
        """
        async with self._deeds.begin(actor, Deed.EDIT_LADDER) as deed:
            who = await deed.somebody(Role.COORDINATOR)
            reasons = problems(ladder, severity, set(self.outside))
            if reasons:
                raise LadderRefused(reasons)
            known = await clinics_ladder(deed.session, who.team_id, severity)
            if known == ladder:
                return known.version
            if known.version != ladder.version:
                raise LadderRefused(
                    ("Somebody else changed this ladder meanwhile. Please open it again.",)
                )
            version = known.version + 1
            kept = ladder.model_copy(update={"version": version})
            deed.session.add(
                ClinicLadder(
                    id=new_id(),
                    team_id=who.team_id,
                    severity=severity,
                    version=version,
                    ladder=kept.model_dump_json(),
                    by_id=who.id,
                    at=deed.now,
                )
            )
            await deed.session.flush()
            await deed.note("ladder", severity.value, version=str(version))
            return version

    async def set_telephone(self, actor: Actor, telephone: str) -> None:
        """Which telephone to use when nobody answers. Raises `NotRegistered`, `TextProblem`."""
        cleaned = clean_line(telephone)
        digits = sum(one.isdigit() for one in cleaned)
        if digits < _FEWEST_DIGITS or len(cleaned) > LONGEST_TELEPHONE:
            raise TextProblem("Write a telephone number, for example +1 212 555 0100.")
        async with self._deeds.begin(actor, Deed.EDIT_CLINIC) as deed:
            who = await deed.somebody(Role.COORDINATOR)
            known = await stored.details(deed.session, who.team_id) or ClinicDetails(
                team_id=who.team_id, telephone=cleaned, by_id=who.id, at=deed.now
            )
            known.telephone, known.by_id, known.at = cleaned, who.id, deed.now
            deed.session.add(known)
            await deed.session.flush()
            await deed.note("clinic", who.team_id, changed="telephone")

    async def _shown(
        self, deed: OpenDeed, who: Person, severity: Severity, draft: Ladder | None = None
    ) -> ShownLadder:
        ladder = draft or await clinics_ladder(deed.session, who.team_id, severity)
        newest = await stored.newest_ladder(deed.session, who.team_id, severity)
        changed_by = await people.person(deed.session, newest.by_id) if newest else None
        reasons = problems(ladder, severity, set(self.outside))
        example = next(iter(await open_referrals_of(deed.session, who)), None)
        return ShownLadder(
            severity=severity,
            ladder=ladder,
            reasons=reasons,
            preview=await _preview(deed, example, ladder) if example else (),
            example=example.case_code if example else "",
            changed_by=changed_by.slack_user_id if changed_by else None,
            changed_at=newest.at if newest else None,
            outside=self.outside,
        )


@dataclass
class _Ahead:
    """Where a preview has come to."""

    place: Place
    now: datetime


async def _preview(deed: OpenDeed, referral: Referral, ladder: Ladder) -> tuple[ShownTelling, ...]:
    """Who would be told when, if the therapist of this case raised a concern now and nobody
    answered; absences are looked up, whoever rests is not."""
    found: list[ShownTelling] = []
    first = _ahead_of(deed, referral, deed.now)
    ahead = _Ahead(Place(0, ladder.starts(deed.now, await first.first_hours())), deed.now)
    while len(found) < _MOST_TELLINGS and not ladder.is_top(ahead.place.step - 1):
        reach = _ahead_of(deed, referral, ahead.now)
        climbed = climb(ladder, ahead.place, ahead.now, await reach.of(ladder))
        for telling in climbed.tellings:
            found.append(await _shown_telling(deed, ahead.now, telling.targets))
        ahead = _Ahead(climbed.place, climbed.next_due)
        if ahead.now - deed.now > timedelta(days=60):
            break
    return tuple(found)


def _ahead_of(deed: OpenDeed, referral: Referral, at: datetime) -> Reach:
    return Reach(deed.session, referral, referral.therapist_id, deed.region, at, frozenset())


async def _shown_telling(deed: OpenDeed, at: datetime, targets: Sequence[Target]) -> ShownTelling:
    users: list[str] = []
    places: list[str] = []
    for target in targets:
        if target.way is Way.SLACK:
            users.append((await people.person(deed.session, target.to)).slack_user_id)
        else:
            places.append("" if target.way is Way.CLINIC_CHANNEL else target.to)
    return ShownTelling(at, tuple(users), tuple(places))
