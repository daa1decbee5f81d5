"""A request in plain words, for the summary before it is sent and for patient details."""

from collections.abc import Sequence

from bot.care.referral_form import ReferralForm
from bot.care.request import (
    Consent,
    PaidBy,
    ReferralPriority,
    Request,
    Screen,
    Visits,
)
from bot.views.session_words import TECHNIQUES
from bot.views.text import counted, lowered, on_day

Facts = list[tuple[str, str]]


def findings_facts(asked: Request | ReferralForm) -> Facts:
    """What the surgeon found; what was not said is left out by whoever draws it."""
    return [
        ("Findings", asked.findings),
        ("Drains", asked.drains),
        ("Garment", asked.garment),
        ("Complications", asked.complications),
        ("Medication", asked.medication),
    ]


def plan_facts(asked: Request | ReferralForm) -> Facts:
    """What is asked of the therapist."""
    rhythm = asked.frequency.label.lower() if asked.frequency else ""
    return [
        ("Plan", f"{counted(asked.sessions, 'session')}, {rhythm}" if asked.sessions else ""),
        ("Techniques", ", ".join(TECHNIQUES[one] for one in asked.techniques)),
        ("Pressure", asked.pressure.label if asked.pressure else ""),
        ("Start by", on_day(asked.start_by) if asked.start_by else ""),
        ("Stop rules", asked.stop_rules),
        ("Home care", asked.home_care),
        ("Question", asked.question),
    ]


def priority_line(priority: ReferralPriority) -> str:
    """How soon treatment should begin; empty where it is as usual."""
    return "" if priority is ReferralPriority.ROUTINE else f"Wished {lowered(priority.label)}"


def visits_line(visits: Visits) -> str:
    """Who pays, and what was authorised."""
    if visits.paid_by is PaidBy.SELF or visits.count is None:
        return visits.paid_by.label
    until = f" until {on_day(visits.until)}" if visits.until else ""
    return f"{counted(visits.count, 'visit')} authorised{until}, number {visits.number}"


def consent_line(consent: Consent) -> str:
    return f"{consent.by.label}, {on_day(consent.on)}"


def screen_line(screen: Screen) -> str:
    """What the screen found, and by which rules it was asked."""
    found = "; ".join(one.asks for one in screen.found) or "nothing found"
    return f"{found} (clinical rules {screen.version})"


def file_links(addresses: Sequence[str]) -> str:
    """`File 1, File 2`, each a link. Mrkdwn."""
    return ", ".join(f"<{one}|File {number}>" for number, one in enumerate(addresses, 1))
