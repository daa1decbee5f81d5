"""Every message and modal once, with made-up people: for `careloop views`, and for eyes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from slack_sdk.models.views import View

from bot.care.codes import Region
from bot.care.concern import (
    NOTHING_BESIDE,
    Category,
    ConcernState,
    Decision,
    Sbar,
    Severity,
    decisions_of,
)
from bot.care.escalation import Fate, Hearing
from bot.care.indications import Indication
from bot.care.oversight import Finding
from bot.care.people import Part, Role, Standing
from bot.care.plan import Frequency
from bot.care.referral import ReferralState, Step
from bot.care.request import (
    Identifiers,
    PaidBy,
    Request,
    Screen,
    ScreenAnswer,
    Visits,
)
from bot.notices import DeliveryFailed
from bot.shown.case import (
    ShownCase,
    ShownConcern,
    ShownConcernWords,
    ShownHandover,
    ShownHome,
    ShownPatient,
    ShownStep,
    ShownTaking,
    ShownToAcknowledge,
    ShownTold,
    ShownUpdate,
)
from bot.views.case_card import draw_case_card
from bot.views.concern_messages import draw_concern_alert, draw_concern_posted
from bot.views.concern_news import (
    draw_concern_called,
    draw_concern_decided,
    draw_concern_resolved,
    draw_concern_unanswered,
    draw_concern_unanswered_for_clinic,
)
from bot.views.concern_passing import draw_concern_passed_back, draw_concern_passed_on
from bot.views.concern_view import ConcernView
from bot.views.delivery_failed import draw_delivery_failed
from bot.views.errors import Cause, Words, draw_words, with_reference, words_for
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.concern_case import ConcernCaseForm
from bot.views.forms.decline import DeclineForm
from bot.views.forms.pass_on import PassOnForm
from bot.views.forms.refer import ReferForm
from bot.views.forms.resolve import ResolveForm
from bot.views.forms.room import RoomForm
from bot.views.forms.who_goes_on import GoesOnForm
from bot.views.gallery_checkins import checkins
from bot.views.gallery_course import course
from bot.views.gallery_directory import directory
from bot.views.gallery_emergency import emergencies
from bot.views.gallery_ladders import concerns_at_home, ladders
from bot.views.gallery_plans import plans
from bot.views.gallery_privacy import privacy_messages
from bot.views.gallery_progress import progress_messages
from bot.views.gallery_referring import referring
from bot.views.gallery_sessions import sessions
from bot.views.gallery_sharing import sharing
from bot.views.gallery_working_time import working_time
from bot.views.home import draw_home, draw_home_for_strangers, draw_what_to_type
from bot.views.message import Message
from bot.views.modals import closed_view, loading_view, trouble_view
from bot.views.patient import PatientView
from bot.views.referral_news import (
    draw_answer_for_surgeon,
    draw_answer_in_thread,
    draw_referral_received,
)
from bot.views.something_stuck import draw_something_stuck
from bot.views.update_kept import draw_update_kept

SURGEON, THERAPIST, COVERING, COORDINATOR = "U0RIVERA", "U0LEE", "U0OKAFOR", "U0PARK"
NOON = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)

CASE = ShownCase(
    referral_id="3f2a9c01b7d84e6655aa0c1d",
    case_code="K7QF-3M",
    indication=Indication.LIPOSUCTION,
    state=ReferralState.REQUESTED,
    surgeon=SURGEON,
    therapist=THERAPIST,
    next_step=ShownStep(Step.ANSWER, THERAPIST, NOON + timedelta(hours=28), is_overdue=False),
    updates=0,
    sessions=6,
    frequency=Frequency.TWO_A_WEEK,
    concerns=(),
    thread_link="https://clinic.slack.com/archives/C0PAIR/p1776168000000100",
)
CONCERN = ShownConcern(
    id="9d1be0aa4c7f42cf8b3e5d20",
    case_code="K7QF-3M",
    severity=Severity.URGENT,
    state=ConcernState.OPEN,
    raised_by=THERAPIST,
    raised_at=NOON,
    told=(ShownTold(NOON, SURGEON),),
    next_told=(COVERING,),
    next_at=NOON + timedelta(minutes=15),
    thread_link=CASE.thread_link,
    pair=(SURGEON, THERAPIST),
)
SBAR = Sbar(
    background="Day 9 after liposuction of the thighs, flew home on day 5.",
    assessment="Could be a clot.",
    recommendation="Please see her today; no massage until then.",
    photos=("F0PHOTO",),
)
PHOTOS = ("https://clinic.slack.com/files/U0LEE/F0PHOTO",)
WORDS = "Left calf hot and swollen since this morning, right is fine. No chest pain."
RESOLUTION = "Seen at 5 PM. Ultrasound clear, massage may go on."
PATIENT = ShownPatient(
    case_code="K7QF-3M",
    identifiers=Identifiers(
        name="Maria Example",
        birth_date=date(1984, 4, 23),
        record_number="MRN 0042",
        phone="+1 555 010 0199",
    ),
    request=Request(
        indication=Indication.LIPOSUCTION,
        surgery_date=date(2026, 4, 5),
        areas=(Region.ABDOMEN, Region.FLANKS),
        precautions="Garment on until week 6. No pressure on the left flank.",
        sessions=6,
        frequency=Frequency.TWO_A_WEEK,
        note="Anxious about touch near the scar; please explain each step.",
    ),
    today=date(2026, 4, 14),
    file_links=PHOTOS,
)


def gallery() -> dict[str, Message | View]:
    """Name of the sample to what is drawn."""
    return {
        **_cases(),
        **progress_messages(under_way()),
        **sharing(under_way()),
        **privacy_messages(),
        **emergencies(CASE),
        **_concerns(),
        **ladders(),
        **concerns_at_home(CONCERN),
        **sessions(under_way(), CONCERN),
        **plans(),
        **_forms(),
        **working_time(),
        **checkins(),
        **_homes(),
        **directory(),
        **course(CASE),
        **_troubles(),
    }


def screened() -> ShownPatient:
    """A patient of whom everything was asked."""
    asked = PATIENT.request.model_copy(
        update={
            "screen": Screen(
                version="2026-1",
                found=(ScreenAnswer(code="anticoagulants", asks="Takes blood thinners"),),
                clearance="Light pressure only, for two weeks.",
            ),
            "visits": Visits(paid_by=PaidBy.PAYER, number="A-100", count=6),
            "files": ("F0CONSENT",),
        }
    )
    return replace(PATIENT, request=asked)


def under_way() -> ShownCase:
    """A case in treatment, on time."""
    due = ShownStep(Step.NEXT_UPDATE, THERAPIST, NOON + timedelta(days=2), is_overdue=False)
    return replace(CASE, state=ReferralState.IN_PROGRESS, updates=2, next_step=due)


def late() -> ShownCase:
    """A case in treatment whose next update did not come."""
    due = ShownStep(Step.NEXT_UPDATE, THERAPIST, NOON - timedelta(days=1), is_overdue=True)
    return replace(under_way(), next_step=due)


def declined() -> ShownCase:
    due = ShownStep(Step.REFER_ELSEWHERE, SURGEON, NOON + timedelta(days=1), is_overdue=False)
    return replace(
        CASE,
        state=ReferralState.DECLINED,
        next_step=due,
        decline_reason="No free appointment in the next two weeks.",
    )


def acknowledged() -> ShownConcern:
    return replace(
        CONCERN,
        state=ConcernState.ACKNOWLEDGED,
        told=(ShownTold(NOON, SURGEON), ShownTold(NOON + timedelta(minutes=15), COVERING)),
        next_told=(),
        next_at=None,
        acknowledged_by=COVERING,
        acknowledged_at=NOON + timedelta(minutes=21),
        decision=Decision.SEE_PATIENT,
        decision_note="today at 5 PM",
    )


def resolved() -> ShownConcern:
    return replace(
        acknowledged(),
        state=ConcernState.RESOLVED,
        resolved_by=COVERING,
        resolved_at=NOON + timedelta(hours=6),
    )


def unanswered() -> ShownConcern:
    """Everybody was told, some of them twice, and nobody has answered."""
    told = tuple(
        ShownTold(NOON + timedelta(minutes=minutes), person)
        for person, minutes in (
            (SURGEON, 0),
            (COVERING, 15),
            (COORDINATOR, 30),
            (SURGEON, 60),
            (COVERING, 60),
        )
    )
    everybody = (SURGEON, COVERING, COORDINATOR)
    return replace(
        CONCERN,
        told=told,
        next_told=everybody,
        next_at=NOON + timedelta(minutes=90),
        is_unanswered=True,
        telephone="+1 212 555 0100",
    )


def passed_over() -> ShownConcern:
    """The surgeon rests, so who covers was told at once; a pager is next."""
    told = (
        ShownTold(NOON, SURGEON, hearing=Hearing.DO_NOT_DISTURB, fate=Fate.DELIVERED),
        ShownTold(NOON, COVERING, hearing=Hearing.HEARS, fate=Fate.REFUSED, error="user_disabled"),
    )
    return replace(CONCERN, told=told, next_told=(COORDINATOR,), next_places=("pager", ""))


def climbing_again() -> ShownConcern:
    """It was acknowledged, not resolved in time, and somebody was asked to take it."""
    before = ShownTaking(
        SURGEON, NOON, Decision.SEE_PATIENT, "Bring the garment", NOON + timedelta(hours=5)
    )
    asked = ShownHandover(1, COORDINATOR, COVERING, NOON + timedelta(hours=30), waits=True)
    return replace(
        unanswered(), taken_before=(before,), handovers=(asked,), category=Category.CIRCULATION
    )


def to_take(
    words: str | None, concern: ShownConcern = CONCERN, sbar: Sbar = NOTHING_BESIDE
) -> ShownToAcknowledge:
    """A concern in front of whoever may take it: a surgeon, or without `words` a coordinator."""
    part = Part.COORDINATOR if words is None else Part.SURGEON
    return ShownToAcknowledge(concern, decisions_of(part, holds=False), words, sbar=sbar)


def _cases() -> dict[str, Message | View]:
    closed = replace(declined(), state=ReferralState.CLOSED, next_step=None)
    update = ShownUpdate("K7QF-3M", 3, 1, is_withdrawn=False)
    return {
        "case card, requested": draw_case_card(CASE),
        "case card with files": draw_case_card(replace(CASE, files=2, file_links=PHOTOS * 2)),
        "case card with files, read by a colleague, too": draw_case_card(replace(CASE, files=2)),
        "case card, under way with a concern": draw_case_card(
            replace(under_way(), concerns=(CONCERN,))
        ),
        "case card, overdue": draw_case_card(late()),
        "case card, declined": draw_case_card(declined()),
        "case card, closed": draw_case_card(closed),
        "referral received": draw_referral_received(CASE),
        "accepted, in the thread": draw_answer_in_thread(under_way(), True),
        "accepted, for the surgeon": draw_answer_for_surgeon(under_way(), True),
        "declined, in the thread": draw_answer_in_thread(declined(), False),
        "declined, for the surgeon": draw_answer_for_surgeon(declined(), False),
        "update kept": draw_update_kept(update),
        "update revised": draw_update_kept(replace(update, revision=2)),
        "update withdrawn": draw_update_kept(replace(update, is_withdrawn=True)),
        "patient details": PatientView.view(PATIENT),
        "patient details, with a screen and a payer": PatientView.view(screened()),
        "closed after a while": closed_view(),
        "who goes on": GoesOnForm.view(CASE.referral_id, CASE.case_code, Part.SURGEON),
    }


def _concerns() -> dict[str, Message | View]:
    emergent = replace(CONCERN, severity=Severity.EMERGENT)
    failed = DeliveryFailed(
        failed_row="b7d84e6655aa", failed_kind="concern_alert", error="user_disabled"
    )
    return {
        "concern posted": draw_concern_posted(CONCERN),
        "concern posted, emergent": draw_concern_posted(emergent),
        "concern posted, everybody told": draw_concern_posted(unanswered()),
        "concern posted, acknowledged": draw_concern_posted(acknowledged()),
        "concern posted, resolved": draw_concern_posted(resolved()),
        "concern alert": draw_concern_alert(CONCERN, SURGEON),
        "concern alert, emergent": draw_concern_alert(emergent, SURGEON),
        "concern alert, taken by another": draw_concern_alert(acknowledged(), SURGEON),
        "concern alert, taken by the reader": draw_concern_alert(acknowledged(), COVERING),
        "concern decided": draw_concern_decided(acknowledged()),
        "concern resolved": draw_concern_resolved(resolved()),
        "concern unanswered": draw_concern_unanswered(unanswered()),
        "concern unanswered, for the clinic": draw_concern_unanswered_for_clinic(unanswered()),
        "concern, in the clinic channel": draw_concern_called(CONCERN),
        "concern posted, passed over": draw_concern_posted(passed_over()),
        "concern posted, climbing again": draw_concern_posted(climbing_again()),
        "concern alert, nobody answers": draw_concern_alert(unanswered(), SURGEON),
        "concern, read": ConcernView.view(ShownConcernWords(CONCERN, WORDS)),
        "concern, read with SBAR": ConcernView.view(
            ShownConcernWords(climbing_again(), WORDS, sbar=SBAR, photos=PHOTOS)
        ),
        "concern, read when resolved": ConcernView.view(
            ShownConcernWords(resolved(), WORDS, RESOLUTION)
        ),
        **{
            f"something is stuck, {finding.value}": draw_something_stuck(finding)
            for finding in Finding
        },
        "concern passed on": _drawn(draw_concern_passed_on(climbing_again(), 1)),
        "concern passed back": _drawn(draw_concern_passed_back(climbing_again(), 1)),
        "delivery failed": draw_delivery_failed(failed, "K7QF-3M"),
    }


def _drawn(message: Message | None) -> Message:
    if message is None:
        raise AssertionError("the sample has nothing to say")
    return message


def _forms() -> dict[str, Message | View]:
    return {
        "loading": loading_view(ReferForm.title),
        **referring(),
        "decline": DeclineForm.view(CASE),
        "raise a concern": ConcernForm.view(CASE.referral_id, CASE.case_code),
        "raise a concern: which case": ConcernCaseForm.view([CASE]),
        "acknowledge": AcknowledgeForm.view(to_take(WORDS, sbar=SBAR)),
        "acknowledge, as coordinator": AcknowledgeForm.view(to_take(None)),
        "resolve": ResolveForm.view(ShownConcernWords(acknowledged(), WORDS)),
        "name a channel": RoomForm.view(),
        "pass a concern on": PassOnForm.view(climbing_again()),
    }


def _homes() -> dict[str, Message | View]:
    second = replace(under_way(), case_code="M3WC-9R", concerns=(CONCERN,))
    cases = (CASE, replace(late(), case_code="R4TD-6X"), second)
    return {
        "home, surgeon": draw_home(ShownHome(Role.SURGEON, cases)),
        "home, therapist": draw_home(ShownHome(Role.THERAPIST, cases)),
        "home, coordinator": draw_home(ShownHome(Role.COORDINATOR, cases)),
        "home, surgeon with nothing open": draw_home(ShownHome(Role.SURGEON, ())),
        "home, therapist with nothing open": draw_home(ShownHome(Role.THERAPIST, ())),
        "home, coordinator with nothing open": draw_home(ShownHome(Role.COORDINATOR, ())),
        "home, somebody unknown": draw_home_for_strangers(),
        "what can be typed": draw_what_to_type(),
    }


def every_trouble() -> dict[str, Words]:
    """The words for each cause once, with values where it has some."""
    examples = {
        Cause.ACCOUNT_CANNOT_TREAT: words_for(Cause.ACCOUNT_CANNOT_TREAT, standing=Standing.GUEST),
        Cause.NOT_REGISTERED: words_for(Cause.NOT_REGISTERED, needed=Role.SURGEON),
        Cause.THERAPIST_CANNOT_BE_CHOSEN: words_for(
            Cause.THERAPIST_CANNOT_BE_CHOSEN, reason="not_a_member", standing=Standing.DEACTIVATED
        ),
        Cause.ALREADY_REFERRED: words_for(Cause.ALREADY_REFERRED, case_code="K7QF-3M"),
        Cause.ROOM_CANNOT_BE_USED: words_for(Cause.ROOM_CANNOT_BE_USED, reason="others_in_it"),
        Cause.LICENCE_PROBLEM: words_for(Cause.LICENCE_PROBLEM, reason="expired"),
        Cause.DATE_PROBLEM: words_for(Cause.DATE_PROBLEM, words="Choose a day after today."),
        Cause.TEXT_PROBLEM: words_for(Cause.TEXT_PROBLEM, words="Write what was done."),
    }
    return {cause.value: examples.get(cause) or words_for(cause) for cause in Cause}


def _troubles() -> dict[str, Message | View]:
    found: dict[str, Message | View] = {}
    for name, words in every_trouble().items():
        told = with_reference(words, "7Q3K-M2")
        found[f"trouble, {name}"] = draw_words(told)
        found[f"trouble in a modal, {name}"] = trouble_view(told)
    return found
