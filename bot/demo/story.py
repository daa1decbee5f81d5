"""The loop of one referral, played in the terminal: what each person does and what they see.

It is told against the same local Slack and the same bot as everything else. A step that does not
come as told ends it, and the command with a non-zero status.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case, Someone
from bot.demo.seen import Seen, StoryBroken

_MONDAY_MORNING: Final = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
_BOLD: Final = re.compile(r"\*([^*\n]+)\*")
_COLOURS: Final = ("cyan", "green", "magenta", "yellow", "blue")


class Teller:
    """Tells the story: who does what, and what they see."""

    def __init__(self, console: Console, clinic: Clinic) -> None:
        self._console = console
        self._clinic = clinic
        self._colours = dict(zip((one.user_id for one in clinic.everybody), _COLOURS, strict=False))
        self._step = 0

    def chapter(self, title: str) -> None:
        self._step += 1
        now = self._clinic.clock.now().astimezone(_zone_of(self._clinic.surgeon))
        self._console.rule(
            f"[bold]{self._step}. {escape(title)}[/bold]  "
            f"[dim]{now:%a %d %b %H:%M} in {_place(now)}[/dim]",
            align="left",
        )

    def does(self, who: Someone, what: str) -> None:
        self._console.print(f"[bold {self._colour(who)}]{who.name}[/] {escape(what)}")

    def sees(self, who: Someone, what: Seen) -> None:
        buttons = "  ".join(f"[{button.text}]" for button in what.buttons)
        words = what.in_zone(_zone_of(who), self._clinic.clock.now())
        text = words.strip() + (f"\n\n{buttons}" if buttons else "")
        panel = Panel(
            _BOLD.sub(r"[bold]\1[/bold]", escape(text)),
            title=f"{who.name} sees",
            title_align="left",
            border_style=self._colour(who),
            expand=False,
        )
        self._console.print(Padding(panel, (0, 0, 1, 4)))

    def _colour(self, who: Someone) -> str:
        return self._colours.get(who.user_id, "white")


def _zone_of(who: Someone) -> ZoneInfo:
    return ZoneInfo(who.person.user.tz)


def _place(moment: datetime) -> str:
    """ "New York"."""
    return str(moment.tzinfo).rpartition("/")[2].replace("_", " ")


async def play(folder: Path, console: Console) -> bool:
    """Play the story in a fresh clinic in `folder`; False if a step did not come as told."""
    clock = MovableClock(_MONDAY_MORNING)
    async with open_clinic(f"sqlite:///{folder / 'story.db'}", clock) as clinic:
        teller = Teller(console, clinic)
        try:
            await _story(clinic, teller)
            unexpected = [words for one in clinic.everybody for words in one.unexpected()]
            if unexpected:
                raise StoryBroken(f"nobody expected: {unexpected}")
        except StoryBroken as broken:
            console.print(f"\n[bold red]The story broke:[/] {escape(str(broken))}")
            return False
    console.print("[bold]The loop is closed. Everything came as told.[/bold]")
    return True


async def _story(clinic: Clinic, teller: Teller) -> None:
    case = await _refer(clinic, teller)
    await _treat(clinic, teller, case)
    await _fall_silent(clinic, teller, case)
    await _be_stopped(clinic, teller, case)
    await _worry(clinic, teller, case)


async def _refer(clinic: Clinic, teller: Teller) -> Case:
    surgeon, therapist = clinic.surgeon, clinic.therapist
    teller.chapter("A surgeon refers a patient")
    teller.does(surgeon, "types /refer, fills the seven steps in and chooses Sam Lee")
    case = await surgeon.refers(therapist)
    teller.sees(surgeon, case.card)
    received = await therapist.gets_message(case.code)
    teller.sees(therapist, received.seen)

    teller.does(therapist, "presses Patient details")
    form = await therapist.opens(case, "Patient details")
    _must("Jordan Ellis" in form.seen.words, "the therapist does not see who the patient is")
    teller.sees(therapist, form.seen)
    await form.closes()

    teller.does(therapist, "presses Accept")
    await therapist.presses(case, "Accept")
    teller.sees(surgeon, (await case.thread_shows("accepted")).seen)
    return case


async def _treat(clinic: Clinic, teller: Teller, case: Case) -> None:
    therapist = clinic.therapist
    teller.chapter("The therapist replies in the thread, as to a colleague")
    words = "Session 1 today, 60 min MLD abdomen + flanks, pain 6 -> 3, swelling 2+"
    teller.does(therapist, f"writes: {words}")
    ts = await therapist.replies(case, words)
    kept = await case.thread_shows("session update 1", "pain 6 → 3")
    teller.sees(therapist, kept.seen)
    asked = await therapist.is_asked(case, "pain 6 → 3", "swelling 2+")
    teller.sees(therapist, asked.seen)

    corrected = words.replace("-> 3", "-> 2")
    teller.does(therapist, f"corrects it: {corrected}")
    await therapist.edits(case, ts, corrected)
    _must(kept.seen.says("version 2"), "the edit is not kept as a revision")
    asked = await therapist.is_asked(case, "pain 6 → 2")
    teller.does(therapist, "presses Save")
    await asked.presses("Save")
    _must(kept.seen.says("Confirmed by Sam Lee"), "the reading is not confirmed")
    teller.sees(therapist, kept.seen)
    teller.sees(clinic.surgeon, case.card)


async def _fall_silent(clinic: Clinic, teller: Teller, case: Case) -> None:
    teller.chapter("The next update is due and does not come: it is in the morning's digest")
    teller.does(clinic.therapist, "is busy; a week passes")
    await clinic.passes(days=7)
    digest = await clinic.therapist.gets_message(case.code, "post the next session update")
    teller.sees(clinic.therapist, digest.seen)
    _must(not digest.seen.says("Jordan"), "a direct message names the patient")

    teller.does(clinic.therapist, "presses No-show: the patient was ill")
    await digest.presses("No-show")
    teller.sees(clinic.therapist, digest.seen)
    teller.sees(clinic.surgeon, (await case.thread_shows("Missed visit")).seen)


async def _be_stopped(clinic: Clinic, teller: Teller, case: Case) -> None:
    teller.chapter("The bot is stopped, somebody writes, the bot is started again")
    await clinic.stop_bot()
    words = "Session 2, 60 min, pain 4 -> 2. Garment 20 h a day."
    teller.does(clinic.therapist, f"writes while nobody listens: {words}")
    await clinic.therapist.replies(case, words)
    await clinic.start_bot()
    kept = await case.thread_shows("session update 3")
    teller.sees(clinic.therapist, kept.seen)
    await clinic.therapist.is_asked(case, "pain 4 → 2")


async def _worry(clinic: Clinic, teller: Teller, case: Case) -> None:
    surgeon, covering, therapist = clinic.surgeon, clinic.covering_surgeon, clinic.therapist
    teller.chapter("A concern climbs until a person acknowledges it")
    words = "concern: left calf hot and swollen, right is fine"
    teller.does(therapist, f"writes: {words}")
    await therapist.replies(case, words)
    posted = await case.thread_shows("Urgent concern")
    teller.sees(therapist, posted.seen)
    alert = await surgeon.gets_message("Urgent concern", case.code)
    teller.sees(surgeon, alert.seen)

    teller.does(surgeon, "is in the operating theatre; 15 minutes pass")
    await clinic.passes(minutes=15)
    told = await covering.gets_message("Urgent concern", case.code)
    teller.sees(covering, told.seen)

    teller.does(covering, "presses Acknowledge")
    form = await told.clicks("Acknowledge")
    _must(form.seen.says("left calf hot"), "the covering surgeon can't read the concern")
    teller.sees(covering, form.seen)
    teller.does(covering, "chooses See the patient, three hours from now")
    await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="at the office")
    decided = await case.thread_shows("will see the patient", "at the office")
    teller.sees(therapist, decided.seen)
    _must(posted.seen.says("acknowledged"), "the thread does not show who acknowledged")

    teller.does(surgeon, "hears what was found, and resolves the concern in the thread")
    posted.reader = surgeon
    form = await posted.clicks("Resolve")
    await form.submits(resolution="Duplex ultrasound negative. Treatment goes on.")
    teller.sees(therapist, (await case.thread_shows("resolved")).seen)
    _must(case.card.says("On hold"), "a sign of a clot did not put the treatment on hold")

    teller.does(surgeon, "clears the hold on the card")
    form = await surgeon.opens(case, "Clear the hold")
    await form.submits(answer="clear")
    teller.sees(therapist, (await case.thread_shows("Hold cleared")).seen)
    teller.sees(surgeon, case.card)
    await clinic.passes(hours=2)


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise StoryBroken(otherwise)
