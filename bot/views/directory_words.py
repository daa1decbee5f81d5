"""The directory in plain words: standing, licence, what somebody does, and why they were found."""

from collections.abc import Iterable
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.care.directory import Profile, Reason, Record
from bot.care.licence import LicenceStanding
from bot.care.people import Role
from bot.shown.directory import ShownEntry, ShownLicence
from bot.views.session_words import TECHNIQUES
from bot.views.text import counted, escape, in_words, mention, on_day
from bot.views.working_time_words import hours_in_words

_STANDINGS: dict[LicenceStanding, str] = {
    LicenceStanding.NOT_NEEDED: "Coordinator: no licence needed.",
    LicenceStanding.NONE: ":warning: No licence entered. New referrals are blocked.",
    LicenceStanding.UNVERIFIED: ":warning: Licence not verified yet. New referrals are blocked.",
    LicenceStanding.VALID: "Licence verified.",
    LicenceStanding.EXPIRED: ":warning: Licence expired. New referrals are blocked.",
}


class _Labelled(Protocol):
    @property
    def label(self) -> str: ...


def labels(among: Iterable[_Labelled]) -> str:
    return ", ".join(one.label for one in among)


def techniques(profile: Profile) -> str:
    return ", ".join(TECHNIQUES[one] for one in profile.techniques)


def standing_line(standing: LicenceStanding) -> str:
    return _STANDINGS[standing]


def licence_line(licence: ShownLicence) -> str:
    """Number, state, expiry, and who verified it when. Mrkdwn."""
    said = (
        f"{escape(licence.state.label)} {escape(licence.number)}, "
        f"through {on_day(licence.expires_on)}"
    )
    if licence.verified_at is not None:
        who = mention(licence.verified_by) if licence.verified_by else "the operator"
        return f"{said}. Verified by {who} on {on_day(licence.verified_at.date())}."
    if licence.refusal is not None:
        return f"{said}. Not verified: {licence.refusal.label.lower()}."
    return f"{said}. Waits for a coordinator."


def lymphatic_line(entry: ShownEntry) -> str:
    """The certificate for lymphatic drainage; empty without one."""
    profile = entry.profile
    if profile.lymphatic is None:
        return ""
    until = f", through {on_day(profile.lymphatic_until)}" if profile.lymphatic_until else ""
    seen = (
        f"seen by {mention(entry.lymphatic_seen_by)}"
        if entry.lymphatic_seen_by
        else "not seen by a coordinator yet"
    )
    return f"*Lymphatic drainage:* {profile.lymphatic.label}{until}, {seen}"


def capacity_line(entry: ShownEntry) -> str:
    """Whether new patients may come, and how many."""
    profile = entry.profile
    if not profile.accepts_on(entry.today):
        until = f" through {on_day(profile.not_before)}" if profile.not_before else ""
        return f"*New patients:* none{until}"
    if entry.role is not Role.THERAPIST:
        return ""
    if profile.capacity is None:
        return f"*New patients:* accepting, {counted(entry.open_cases, 'case')} open"
    free = max(0, profile.capacity - entry.open_cases)
    return f"*New patients:* {counted(free, 'place')} free of {profile.capacity:,}"


def time_line(entry: ShownEntry) -> str:
    zone = ZoneInfo(entry.time_zone).key.replace("_", " ")
    if entry.hours is None:
        return f"*Time zone:* {zone}"
    return f"*Works:* {hours_in_words(entry.hours)} ({zone})"


def away_lines(entry: ShownEntry) -> list[str]:
    """From when to when, and who covers."""
    found = []
    for one in entry.absences:
        who = f"{mention(one.covered_by)} covers" if one.covered_by else "nobody covers"
        found.append(f"*Away* {on_day(one.first)} through {on_day(one.last)}, {who}")
    if entry.covered_by:
        found.append(f"*Covered by* {mention(entry.covered_by)} when they do not answer")
    return found


def record_line(record: Record) -> str:
    """What came of the referrals so far, in one line; empty without any."""
    if not record.referrals:
        return ""
    said = [counted(record.referrals, "referral")]
    if record.minutes_to_answer is not None:
        said.append(f"answered in {_span(record.minutes_to_answer)} on average")
    if record.share_completed is not None:
        said.append(f"{record.completed:,} of {record.ended:,} completed")
    if record.share_on_time is not None:
        said.append(f"{record.share_on_time:.0%} of updates on time")
    return ", ".join(said)


def reasons_line(reasons: Iterable[Reason]) -> str:
    """Why somebody stands where they do. Plain text of ours."""
    return in_words([_REASONS[reason] for reason in reasons]).capitalize()


_REASONS: dict[Reason, str] = {
    Reason.AVAILABLE: "can take a patient now",
    Reason.NOT_CLEAR: "no verified licence",
    Reason.AWAY: "away today",
    Reason.NOT_ACCEPTING: "takes no new patients now",
    Reason.FULL: "no place free",
    Reason.PROCEDURE: "treats this",
    Reason.TECHNIQUE: "works with this technique",
    Reason.LYMPHATIC: "certified in lymphatic drainage",
    Reason.PLACE: "works there",
    Reason.LANGUAGE: "speaks the language",
    Reason.COMPLETED: "most of your cases completed",
    Reason.ANSWERS_FAST: "answers within a day",
    Reason.ON_TIME: "updates on time",
    Reason.NEW_TO_YOU: "new to you",
}


def _span(minutes: int) -> str:
    if minutes < 90:
        return counted(minutes, "minute")
    hours = round(minutes / 60)
    return counted(hours, "hour") if hours < 36 else counted(round(hours / 24), "day")
