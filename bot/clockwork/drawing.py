"""From a notice to a message: what is shown is read now, so that it can't be stale."""

from bot.notices import (
    CaseCard,
    CaseMoved,
    CheckInAnswered,
    CloseView,
    ConcernAlert,
    ConcernCalled,
    ConcernDecided,
    ConcernPassedBack,
    ConcernPassedOn,
    ConcernPosted,
    ConcernResolved,
    ConcernUnanswered,
    ConcernWithdrawn,
    ConfirmUpdate,
    CoverAsked,
    DeliveryFailed,
    DigestDue,
    EmergencyOpened,
    HoldAnswered,
    IdentifiersTyped,
    LetIn,
    LicenceAnswered,
    LicenceEntered,
    Notice,
    OpenRoom,
    OutsideCall,
    Place,
    PlaceKind,
    PlanAnswered,
    PlanProposed,
    RecordErased,
    ReferralAnswered,
    ReferralReceived,
    ReportAsked,
    ReportInWords,
    RoomSuspended,
    SeatInRoom,
    ShareAnswered,
    ShareAsked,
    SomethingStuck,
    TakeDown,
    TrendAsked,
    UpdateKept,
    UpdateMoved,
    WordOnReply,
    WorkHandedOver,
)
from bot.services.every import Services
from bot.shown.case import ShownCase
from bot.views.absence_news import draw_cover_asked
from bot.views.case_card import draw_case_card
from bot.views.checkin_news import draw_checkin_answered
from bot.views.circle_news import draw_let_in_for_colleague, draw_let_in_in_thread
from bot.views.concern_messages import draw_concern_alert, draw_concern_posted
from bot.views.concern_news import (
    draw_concern_called,
    draw_concern_decided,
    draw_concern_resolved,
    draw_concern_unanswered,
    draw_concern_unanswered_for_clinic,
    draw_concern_withdrawn,
)
from bot.views.concern_passing import draw_concern_passed_back, draw_concern_passed_on
from bot.views.course_news import draw_move_for_person, draw_move_in_thread
from bot.views.delivery_failed import draw_delivery_failed
from bot.views.digest import draw_digest
from bot.views.emergency_news import draw_emergency_for_holder, draw_emergency_for_others
from bot.views.erased import draw_erased_card, draw_erased_for_person
from bot.views.hold_news import draw_hold_answered
from bot.views.identifiers_typed import draw_identifiers_typed
from bot.views.licence_news import (
    draw_handover,
    draw_licence_answered,
    draw_licence_entered,
)
from bot.views.message import Message
from bot.views.plan_messages import draw_plan_answered, draw_plan_proposed
from bot.views.progress_report import draw_report_in_words
from bot.views.referral_news import (
    draw_answer_for_surgeon,
    draw_answer_in_thread,
    draw_referral_received,
)
from bot.views.reply_words import draw_word_on_reply
from bot.views.room_news import draw_room_suspended
from bot.views.share_news import draw_share_answered, draw_share_asked, draw_share_in_thread
from bot.views.something_stuck import draw_something_stuck
from bot.views.update_kept import draw_confirmation, draw_update_kept, draw_update_moved

_ConcernNotice = (
    ConcernPosted
    | ConcernAlert
    | ConcernDecided
    | ConcernResolved
    | ConcernWithdrawn
    | ConcernUnanswered
    | ConcernCalled
    | ConcernPassedOn
    | ConcernPassedBack
)


class Drawing:
    """Draws notices. None for what has nothing to say any more."""

    def __init__(self, services: Services) -> None:
        self._reading = services.reading
        self._updates = services.updates_shown
        self._progresses = services.progresses
        self._absences = services.absences
        self._directory = services.directory
        self._course = services.course
        self._plan_reading = services.plan_reading
        self._digests = services.reading_digests
        self._circle = services.circle
        self._rooms = services.rooms
        self._emergencies = services.emergencies
        self._shared_cases = services.shared_cases

    async def __call__(self, notice: Notice, place: Place) -> Message | None:
        match notice:
            case LetIn():
                return await self._of_the_circle(notice)
            case ShareAsked() | ShareAnswered():
                return await self._of_a_share(notice)
            case (
                OpenRoom()
                | SeatInRoom()
                | TrendAsked()
                | ReportAsked()
                | OutsideCall()
                | TakeDown()
                | CloseView()
            ):
                return None  # Not messages: errands.
            case ReportInWords():
                progress = await self._progresses.shown(notice.referral_id, notice.asked_by)
                return draw_report_in_words(progress, notice.part) if progress else None
            case UpdateKept():
                update = await self._updates.update(notice.entry_id)
                return draw_update_kept(update) if update else None
            case UpdateMoved():
                moved = await self._updates.update(notice.entry_id)
                return draw_update_moved(moved) if moved else None
            case ConfirmUpdate():
                asked = await self._updates.confirmation(notice.entry_id, notice.step)
                return draw_confirmation(asked) if asked else None
            case IdentifiersTyped():
                where = await self._reading.case(notice.referral_id)
                return draw_identifiers_typed(notice, where.case_code) if where else None
            case WordOnReply():
                said_in = await self._reading.case(notice.referral_id)
                return draw_word_on_reply(notice.word, said_in.case_code) if said_in else None
            case HoldAnswered():
                held = await self._reading.case(notice.referral_id)
                by = await self._reading.slack_user(notice.by_id)
                return draw_hold_answered(held, by, cleared=notice.cleared) if held else None
            case CoverAsked():
                absence = await self._absences.absence(notice.absence_id)
                return draw_cover_asked(absence) if absence else None
            case RecordErased():
                erased = await self._reading.erased(notice.referral_id)
                if erased is None:
                    return None
                is_for_person = place.kind is PlaceKind.PERSON
                return draw_erased_for_person(erased) if is_for_person else draw_erased_card(erased)
            case RoomSuspended():
                suspension = await self._rooms.suspension(notice.suspension_id)
                return draw_room_suspended(suspension) if suspension else None
            case EmergencyOpened():
                return await self._of_an_emergency(notice)
            case SomethingStuck():
                return draw_something_stuck(notice.finding)
            case PlanProposed() | PlanAnswered():
                change = await self._plan_reading.change(notice.version_id)
                if change is None:
                    return None
                is_proposal = isinstance(notice, PlanProposed)
                return draw_plan_proposed(change) if is_proposal else draw_plan_answered(change)
            case DeliveryFailed():
                about = await self._reading.case(notice.referral_id)
                return draw_delivery_failed(notice, about.case_code if about else "")
            case CaseMoved():
                return await self._of_a_move(notice, place)
            case LicenceEntered() | LicenceAnswered() | WorkHandedOver():
                return await self._of_the_directory(notice, place)
            case DigestDue():
                posting = place.kind is PlaceKind.DIGEST
                digest = await self._digests.digest(notice.digest_id, posting=posting)
                return draw_digest(digest) if digest else None
            case CheckInAnswered():
                answer = await self._digests.answer(
                    notice.checkin_id, notice.entry_id, wish=notice.wish
                )
                return draw_checkin_answered(answer) if answer else None
            case CaseCard() | ReferralReceived() | ReferralAnswered():
                case = await self._reading.case(notice.referral_id)
                return _of_case(notice, case, place) if case else None
            case _:
                return await self._of_concern(notice, place)

    async def _of_the_circle(self, notice: LetIn) -> Message | None:
        found = await self._circle.invitation(notice.invitation_id)
        if found is None:
            return None
        one, referral_id, code, by_case = found
        if notice.in_thread:
            return draw_let_in_in_thread(one, by_case=by_case)
        return draw_let_in_for_colleague(one, referral_id, code)

    async def _of_an_emergency(self, notice: EmergencyOpened) -> Message | None:
        access = await self._emergencies.access(notice.access_id)
        if access is None:
            return None
        if await self._reading.slack_user(notice.person_id) == access.person:
            return draw_emergency_for_holder(access)
        return draw_emergency_for_others(access)

    async def _of_a_share(self, notice: ShareAsked | ShareAnswered) -> Message | None:
        share = await self._shared_cases.share(notice.share_id)
        if share is None:
            return None
        if isinstance(notice, ShareAsked):
            return draw_share_asked(share)
        return draw_share_in_thread(share) if notice.in_thread else draw_share_answered(share)

    async def _of_a_move(self, notice: CaseMoved, place: Place) -> Message | None:
        move = await self._course.move(notice.move_id)
        case = await self._reading.case(notice.referral_id)
        if move is None or case is None:
            return None
        if place.kind is PlaceKind.PERSON:
            return draw_move_for_person(case, move)
        return draw_move_in_thread(case, move)

    async def _of_the_directory(
        self, notice: LicenceEntered | LicenceAnswered | WorkHandedOver, place: Place
    ) -> Message | None:
        if isinstance(notice, WorkHandedOver):
            handover = await self._directory.handover(notice.left_id, notice.stand_in_id)
            reader = await self._reading.slack_user(place.subject)
            return draw_handover(handover, reader) if handover.case_codes else None
        licence = await self._directory.licence(notice.licence_id)
        if licence is None:
            return None
        match notice:
            case LicenceEntered():
                return draw_licence_entered(licence)
            case LicenceAnswered():
                return draw_licence_answered(licence)

    async def _of_concern(self, notice: _ConcernNotice, place: Place) -> Message | None:
        concern = await self._reading.concerns.concern(notice.concern_id)
        if concern is None:
            return None
        match notice:
            case ConcernPosted():
                return draw_concern_posted(concern)
            case ConcernAlert():
                reader = await self._reading.slack_user(notice.person_id)
                return draw_concern_alert(concern, reader)
            case ConcernDecided():
                return draw_concern_decided(concern, notice.number)
            case ConcernResolved():
                return draw_concern_resolved(concern)
            case ConcernWithdrawn():
                return draw_concern_withdrawn(concern)
            case ConcernCalled():
                return draw_concern_called(concern)
            case ConcernPassedOn():
                return draw_concern_passed_on(concern, notice.number)
            case ConcernPassedBack():
                return draw_concern_passed_back(concern, notice.number)
            case ConcernUnanswered():
                # A redraw has no place of its own; one owed before that was noted has its first.
                if notice.in_clinic or place.kind is PlaceKind.CLINIC:
                    return draw_concern_unanswered_for_clinic(concern, notice.round)
                return draw_concern_unanswered(concern, notice.round)


def _of_case(
    notice: CaseCard | ReferralReceived | ReferralAnswered,
    case: ShownCase,
    place: Place,
) -> Message | None:
    match notice:
        case CaseCard():
            return draw_case_card(case)
        case ReferralReceived():
            return draw_referral_received(case)
        case ReferralAnswered():
            if place.kind is PlaceKind.PERSON:
                return draw_answer_for_surgeon(case, notice.accepted)
            return draw_answer_in_thread(case, notice.accepted)
