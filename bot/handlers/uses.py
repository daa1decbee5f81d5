"""What handlers use: the deeds, the reading, and how to answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.answers import Answers
from bot.services.absences import Absences
from bot.services.checkins import CheckIns
from bot.services.circle import Circle
from bot.services.concerns import Concerns
from bot.services.course import Course
from bot.services.directory import Directory
from bot.services.drafts import Drafts
from bot.services.emergencies import Emergencies
from bot.services.emergency_group import EmergencyGroup
from bot.services.every import Services
from bot.services.handed_over import HandedOver
from bot.services.holds import Holds
from bot.services.inbox import Inbox
from bot.services.ladders import Ladders
from bot.services.passing_on import PassingOn
from bot.services.people import People
from bot.services.plan_reading import PlanReading
from bot.services.plans import Plans
from bot.services.progress import Progresses
from bot.services.reading import Reading
from bot.services.referrals import Referrals
from bot.services.replacing import Replacing
from bot.services.rooms import Rooms
from bot.services.shared_cases import SharedCases
from bot.services.templates import Templates
from bot.services.threads import Threads
from bot.services.updates import Updates
from bot.services.updates_shown import UpdatesShown
from bot.services.working_time import WorkingTime


@dataclass(frozen=True)
class Uses:
    """Everything that a handler may ask for."""

    client: AsyncWebClient
    answers: Answers
    inbox: Inbox
    # A channel may have changed: look at it. Raises when Slack can't be asked.
    look_at_room: Callable[[str], Awaitable[None]]
    referrals: Referrals
    drafts: Drafts
    templates: Templates
    threads: Threads
    updates: Updates
    holds: Holds
    concerns: Concerns
    passing_on: PassingOn
    ladders: Ladders
    people: People
    rooms: Rooms
    reading: Reading
    updates_shown: UpdatesShown
    plans: Plans
    plan_reading: PlanReading
    progresses: Progresses
    working_time: WorkingTime
    absences: Absences
    directory: Directory
    course: Course
    replacing: Replacing
    checkins: CheckIns
    circle: Circle
    handed_over: HandedOver
    emergencies: Emergencies
    emergency_group: EmergencyGroup
    shared_cases: SharedCases

    @classmethod
    def of(
        cls,
        services: Services,
        client: AsyncWebClient,
        answers: Answers,
        inbox: Inbox,
        look_at_room: Callable[[str], Awaitable[None]],
    ) -> "Uses":
        return cls(
            client=client,
            answers=answers,
            inbox=inbox,
            look_at_room=look_at_room,
            referrals=services.referrals,
            drafts=services.drafts,
            templates=services.templates,
            threads=services.threads,
            updates=services.updates,
            holds=services.holds,
            concerns=services.concerns,
            passing_on=services.passing_on,
            ladders=services.ladders,
            people=services.people,
            rooms=services.rooms,
            reading=services.reading,
            updates_shown=services.updates_shown,
            plans=services.plans,
            plan_reading=services.plan_reading,
            progresses=services.progresses,
            working_time=services.working_time,
            absences=services.absences,
            directory=services.directory,
            course=services.course,
            replacing=services.replacing,
            checkins=services.checkins,
            circle=services.circle,
            handed_over=services.handed_over,
            emergencies=services.emergencies,
            emergency_group=services.emergency_group,
            shared_cases=services.shared_cases,
        )
