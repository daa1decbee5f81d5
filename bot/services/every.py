"""Every deed and every reading that the bot has, each built once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.care.rules import ClinicalRules
from bot.services.absences import Absences
from bot.services.checkins import CheckIns
from bot.services.circle import Circle
from bot.services.concerns import Concerns
from bot.services.course import Course
from bot.services.deeds import Deeds
from bot.services.digests import Digests
from bot.services.directory import Directory
from bot.services.drafts import Drafts
from bot.services.emergencies import Emergencies
from bot.services.emergency_group import EmergencyGroup
from bot.services.escalation import DoNotDisturb, Escalation
from bot.services.handed_over import HandedOver
from bot.services.holds import Holds
from bot.services.ladders import Ladders
from bot.services.licences import Licences
from bot.services.open_views import OpenViews
from bot.services.oversight import Oversight
from bot.services.passing_on import PassingOn
from bot.services.people import People
from bot.services.plan_reading import PlanReading
from bot.services.plans import Plans
from bot.services.progress import Progresses
from bot.services.reading import Reading
from bot.services.reading_digests import ReadingDigests
from bot.services.referrals import Referrals
from bot.services.replacing import Replacing
from bot.services.rooms import Rooms
from bot.services.shared_cases import SharedCases
from bot.services.strangers import Strangers
from bot.services.templates import Templates
from bot.services.threads import Threads
from bot.services.updates import Updates
from bot.services.updates_shown import UpdatesShown
from bot.services.working_time import WorkingTime


@dataclass(frozen=True)
class Choices:
    """What an operator's settings say to the services."""

    team_id: str
    workspace_url: str
    emergency_lasts: timedelta
    views_close_after: timedelta
    outside_channels: Sequence[str]


@dataclass(frozen=True)
class Services:
    """One of each; they share nothing but the deeds' transaction and the rules."""

    absences: Absences
    checkins: CheckIns
    circle: Circle
    concerns: Concerns
    course: Course
    digests: Digests
    directory: Directory
    drafts: Drafts
    emergencies: Emergencies
    emergency_group: EmergencyGroup
    escalation: Escalation
    handed_over: HandedOver
    holds: Holds
    ladders: Ladders
    licences: Licences
    open_views: OpenViews
    oversight: Oversight
    passing_on: PassingOn
    people: People
    plan_reading: PlanReading
    plans: Plans
    progresses: Progresses
    reading: Reading
    reading_digests: ReadingDigests
    referrals: Referrals
    replacing: Replacing
    rooms: Rooms
    shared_cases: SharedCases
    strangers: Strangers
    templates: Templates
    threads: Threads
    updates: Updates
    updates_shown: UpdatesShown
    working_time: WorkingTime

    @classmethod
    def of(
        cls, deeds: Deeds, rules: ClinicalRules, choices: Choices, do_not_disturb: DoNotDisturb
    ) -> "Services":
        progresses, updates = Progresses(deeds, rules), Updates(deeds, rules)
        reading = Reading(deeds, choices.workspace_url, progresses)
        return cls(
            absences=Absences(deeds),
            checkins=CheckIns(deeds, updates),
            circle=Circle(deeds),
            concerns=Concerns(deeds, rules),
            course=Course(deeds, progresses),
            digests=Digests(deeds),
            directory=Directory(deeds),
            drafts=Drafts(deeds, rules),
            emergencies=Emergencies(deeds, choices.emergency_lasts),
            emergency_group=EmergencyGroup(deeds),
            escalation=Escalation(deeds, do_not_disturb),
            handed_over=HandedOver(deeds),
            holds=Holds(deeds),
            ladders=Ladders(deeds, choices.outside_channels),
            licences=Licences(deeds),
            open_views=OpenViews(deeds, choices.views_close_after),
            oversight=Oversight(deeds, choices.team_id),
            passing_on=PassingOn(deeds),
            people=People(deeds),
            plan_reading=PlanReading(deeds),
            plans=Plans(deeds),
            progresses=progresses,
            reading=reading,
            reading_digests=ReadingDigests(deeds, reading),
            referrals=Referrals(deeds, rules),
            replacing=Replacing(deeds),
            rooms=Rooms(deeds),
            shared_cases=SharedCases(deeds, progresses),
            strangers=Strangers(deeds),
            templates=Templates(deeds),
            threads=Threads(deeds, rules),
            updates=updates,
            updates_shown=UpdatesShown(deeds),
            working_time=WorkingTime(deeds),
        )
