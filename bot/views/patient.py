"""Patient details: a modal that a participant opens on purpose, each time recorded."""

from datetime import date
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.referral_form import LONGEST_TEXT
from bot.care.request import Request
from bot.shown.case import ShownPatient
from bot.views.message import facts, header, quoted, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.request_words import (
    consent_line,
    file_links,
    findings_facts,
    plan_facts,
    priority_line,
    screen_line,
    visits_line,
)
from bot.views.text import counted, on_day

# The form takes no more; twice as much is still shown whole.
_LONGEST = 2 * LONGEST_TEXT


class PatientView:
    """Who the patient is and what was asked for."""

    title: ClassVar[str] = "Patient details"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, patient: ShownPatient) -> View:
        who, asked = patient.identifiers, patient.request
        blocks: list[Block] = [
            header(f"Case {patient.case_code}"),
            facts(
                ("Name", who.name),
                ("Born", f"{on_day(who.birth_date)} ({_age(who.birth_date, patient.today)})"),
                ("Record number", who.record_number),
                ("Phone", who.phone),
            ),
            facts(
                ("Reason", asked.indication.label),
                ("Surgery", _surgery(asked, patient.today)),
                ("Areas", ", ".join(area.label for area in asked.areas)),
                *findings_facts(asked),
                *plan_facts(asked),
                ("Start", priority_line(asked.priority)),
                ("Visits", visits_line(asked.visits) if asked.visits else ""),
                ("Consent", consent_line(asked.consent) if asked.consent else ""),
            ),
            *_screen(asked),
            section("*Precautions*" if asked.precautions else "*Precautions:* none were written."),
            *quoted(asked.precautions, _LONGEST),
        ]
        if asked.goals:
            blocks += [section("*Goals*"), *quoted(asked.goals, _LONGEST)]
        if asked.note:
            blocks += [section("*Note from the surgeon*"), *quoted(asked.note, _LONGEST)]
        if patient.file_links:
            blocks += [
                section(f"*Files:* {file_links(patient.file_links)}"),
                small_print("If Slack does not open one for you, ask the surgeon to share it."),
            ]
        blocks.append(small_print("Opening this is recorded. Please do not copy it into Slack."))
        return reading_view(cls.title, blocks)


def _screen(asked: Request) -> list[Block]:
    """The contraindication screen, and what the surgeon allows in spite of what it found."""
    if asked.screen is None:
        return []
    blocks: list[Block] = [
        section("*Contraindication screen*"),
        facts(("Found", screen_line(asked.screen))),
    ]
    if asked.screen.clearance:
        blocks += [
            section("*The surgeon's clearance*"),
            *quoted(asked.screen.clearance, _LONGEST),
        ]
    return blocks


def _age(born: date, today: date) -> str:
    """Whole years, or months for a small child."""
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years >= 2:
        return f"{years} years old"
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return f"{counted(max(months, 0), 'month')} old"


def _surgery(asked: Request, today: date) -> str:
    """`April 3, 2026 (day 9 after surgery)`; empty without one."""
    days = asked.postoperative_day(today)
    if asked.surgery_date is None or days is None:
        return ""
    if days < 0:
        where = f"planned, in {counted(-days, 'day')}"
    elif days == 0:
        where = "today"
    else:
        where = f"day {days:,} after surgery"
    return f"{on_day(asked.surgery_date)} ({where})"
