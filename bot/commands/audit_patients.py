"""`careloop audit who-looked`: the answer to a patient who asks who looked at their record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.commands.audit_desk import AuditDesk, Names
from bot.commands.audit_words import is_look, look_in_words, surface_in_words, was_refused
from bot.settings import Settings, SettingsInvalid
from bot.store.audit import AuditReport
from bot.store.queries import audit as stored
from bot.store.tables.audit import AuditEntry
from bot.store.tables.referrals import Referral
from bot.transport.client import slack_client

_SOFTWARE: Final = "clockwork"


@dataclass(frozen=True)
class Looked:
    """Everything about one patient's record that the audit has."""

    cases: Sequence[Referral]
    entries: Sequence[AuditEntry]
    names: Names
    report: AuditReport
    asked_at: datetime


async def who_looked(desk: AuditDesk, case_code: str, now: datetime) -> Looked:
    """The looks at the whole record of the patient of that case, and who worked with it.

    The question itself is recorded first. Raises `NothingMeant`.
    """
    case = await desk.case(case_code)
    await desk.note("see_audit", "patient", case.patient_id, referral=case.id)
    async with desk.database.reading() as session:
        cases = await stored.referrals_of_patient(session, case.patient_id)
        ids = [one.id for one in cases]
        about = await stored.everything_about(session, ids) | {case.patient_id}
        sought = stored.Sought(about, frozenset([*ids, case.patient_id]))
        entries = [entry async for entry in stored.entries(session, sought)]
        people = await stored.everybody(session)
        report = await desk.audit.verify(session)
    names = Names(people, await slack_names(Names(people), [one.actor for one in entries]))
    return Looked(cases, entries, names, report, now)


async def slack_names(names: Names, actors: Sequence[str]) -> Mapping[str, str]:
    """What Slack calls these people; what it does not tell is left out."""
    wanted = sorted({one for one in map(names.slack_id, actors) if one})
    found: dict[str, str] = {}
    try:
        async with slack_client(Settings.load()) as client:
            for slack_id in wanted:
                try:
                    user = (await client.users_info(user=slack_id))["user"]
                except SlackApiError:
                    continue
                name = user.get("real_name") or user.get("profile", {}).get("real_name")
                if name:
                    found[slack_id] = str(name)
    except (SettingsInvalid, SlackClientError, aiohttp.ClientError, TimeoutError):
        return found  # without Slack the answer has ids in the place of names
    return found


def in_plain_words(looked: Looked, zone: ZoneInfo) -> Iterator[str]:
    """Lines that can be handed to the patient."""
    looks = [one for one in looked.entries if is_look(one) and not was_refused(one)]
    refused = [one for one in looked.entries if was_refused(one)]
    worked = [
        one
        for one in looked.entries
        if not is_look(one) and not was_refused(one) and one.actor != _SOFTWARE
    ]
    codes = ", ".join(one.case_code for one in looked.cases)
    yield "Who looked at your record"
    yield ""
    yield f"Your record here has the case code{'s' if len(looked.cases) > 1 else ''} {codes}."
    yield f"This answer was made on {_moment(looked.asked_at, zone)} (times: {zone.key})."
    yield ""
    yield f"Looked at it: {_times(len(looks))}" if looks else "Nobody has looked at it."
    yield from _by_person(looked.names, looks, zone)
    yield ""
    yield "Worked with it, and so has seen parts of it:" if worked else "Nobody else has used it."
    for actor, entries in _grouped(worked).items():
        first, last = _moment(entries[0].at, zone), _moment(entries[-1].at, zone)
        when = first if first == last else f"between {first} and {last}"
        yield f"  {looked.names.who(actor)}: {_times(len(entries))}, {when}"
    yield ""
    yield (
        f"Asked for it and was refused, so saw nothing: {_times(len(refused))}"
        if refused
        else "Nobody was refused it."
    )
    yield from _by_person(looked.names, refused, zone, refused=True)
    yield ""
    yield "What this does not tell: who read messages in Slack itself. The thread of your case can"
    yield "be read by those who are in its private channel, and says no name of yours."
    yield ""
    yield (
        f"The list is whole: nobody changed it or took anything out ({looked.report.entries} "
        "entries were checked)."
        if looked.report.intact
        else f"This list may be wrong: {looked.report}. Ask the clinic to look into it."
    )


def _by_person(
    names: Names, entries: Sequence[AuditEntry], zone: ZoneInfo, *, refused: bool = False
) -> Iterator[str]:
    for actor, theirs in _grouped(entries).items():
        yield f"  {names.who(actor)}"
        for one in theirs:
            what = "was refused" if refused else look_in_words(one)
            yield f"    {_moment(one.at, zone)}  {what}, {surface_in_words(one.surface)}"


def _grouped(entries: Sequence[AuditEntry]) -> dict[str, list[AuditEntry]]:
    found: dict[str, list[AuditEntry]] = {}
    for one in entries:
        found.setdefault(one.actor, []).append(one)
    return found


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there.day} {there:%B %Y, %H:%M}"
