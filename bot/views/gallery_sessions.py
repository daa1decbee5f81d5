"""Session updates, holds and rules for the gallery, with made-up values."""

from dataclasses import replace
from datetime import UTC, date, datetime

from slack_sdk.models.views import View

from bot.care.attached import ReplyWord
from bot.care.codes import (
    MedicationChange,
    RedFlagCode,
    Region,
    Side,
    Technique,
    Tolerance,
    Urgency,
)
from bot.care.concern import ConcernSource, ConcernState, Decision, Severity
from bot.care.session import Girth, Hit, SessionFields
from bot.shown.case import (
    ShownCase,
    ShownConcern,
    ShownConcernWords,
    ShownConfirmation,
    ShownFeedback,
    ShownForm,
    ShownHold,
    ShownMove,
    ShownQuestion,
    ShownReading,
    ShownToAcknowledge,
    ShownUpdate,
)
from bot.views.case_card import draw_case_card
from bot.views.concern_messages import draw_concern_posted
from bot.views.concern_news import draw_concern_withdrawn
from bot.views.concern_view import ConcernView
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.feedback import FeedbackForm
from bot.views.forms.hold import HoldForm
from bot.views.forms.move_update import MoveForm
from bot.views.forms.session import SessionForm
from bot.views.forms.withdraw import WithdrawForm
from bot.views.hold_news import draw_hold_answered
from bot.views.message import Message
from bot.views.reply_words import draw_word_on_reply
from bot.views.update_kept import draw_confirmation, draw_update_kept, draw_update_moved

GOALS = ("Raise both arms", "Sleep on the side")
FULL = SessionFields(
    session_number=3,
    session_date=date(2026, 3, 10),
    duration_min=60,
    techniques=(Technique.MLD, Technique.SCAR_MOBILIZATION),
    regions=(Region.ABDOMEN, Region.FLANKS),
    pain_before=6,
    pain_after=3,
    swelling_grade=2,
    girths=(Girth(site=Region.ABDOMEN, cm=92), Girth(site=Region.THIGHS, cm=54, side=Side.LEFT)),
    bruising=1,
    fibrosis=2,
    garment_hours=22,
    drain_ml=30,
    temperature_c=36.8,
    sleep=7,
    anxiety=2,
    satisfaction=9,
    pgic=6,
    tolerance=Tolerance.WELL,
    medication_change=MedicationChange.REDUCED,
    red_flags_denied=True,
    patient_quote="I can finally tie my own shoes",
    plan_change_request="Ok to add scar work?",
    next_visit=date(2026, 3, 12),
    home_care="Breathing, 5 minutes",
    photos=("F0PHOTO",),
    rating=8,
    goals_reached=("Raise both arms",),
    concern="She is getting discouraged",
)
READING = ShownReading(3, FULL, is_confirmed=False, step=1)
KEPT = ShownUpdate(
    "K7QF-3M",
    3,
    1,
    is_withdrawn=False,
    entry_id="7aa0c1d3f2a9c01b7d84e665",
    author="U0LEE",
    surgeon="U0RIVERA",
    reading=READING,
)
HIT = Hit(
    rule="calf_dvt",
    urgency=Urgency.URGENT,
    hold=True,
    version="2026.1",
    words="left calf swollen and warm",
)


def sessions(case: ShownCase, concern: ShownConcern) -> dict[str, Message | View]:
    """Drawn for a case under way and an open concern of it."""
    flagged = replace(
        concern, source=ConcernSource.RED_FLAG, update_number=3, holds=True, hits=(HIT,)
    )
    withdrawn = replace(
        flagged,
        state=ConcernState.WITHDRAWN,
        withdrawn_by="U0LEE",
        withdrawn_at=datetime(2026, 4, 14, 12, 40, tzinfo=UTC),
    )
    told = ShownConcernWords(flagged, "left calf swollen and warm", hits=(HIT,))
    signs = FULL.model_copy(
        update={"red_flags": (RedFlagCode.CALF_DVT,), "red_flags_denied": False}
    )
    confirmed = replace(READING, is_confirmed=True)
    form = ShownForm(
        case.referral_id,
        case.case_code,
        SessionFields(),
        date(2026, 3, 10),
        asks_for_feedback=False,
    )
    return {
        "update read": draw_update_kept(KEPT),
        "update confirmed": draw_update_kept(
            replace(KEPT, reading=confirmed, confirmed_by="U0LEE")
        ),
        "update logged with the form": draw_update_kept(replace(KEPT, is_from_form=True)),
        "update set aside": draw_update_kept(replace(KEPT, is_set_aside=True)),
        "update moved here": draw_update_kept(replace(KEPT, moved_from="M3WC-9R")),
        "update moved": draw_update_kept(replace(KEPT, moved_to="M3WC-9R")),
        "update with a red flag": draw_update_kept(
            replace(KEPT, reading=replace(READING, fields=signs))
        ),
        "moved, in the thread it left": draw_update_moved(replace(KEPT, moved_to="M3WC-9R")),
        "moved, one of two in its message": draw_update_moved(
            replace(KEPT, moved_to="M3WC-9R", is_one_of_several=True)
        ),
        "is this right?": draw_confirmation(
            ShownConfirmation(KEPT.entry_id, "K7QF-3M", READING, True, True)
        ),
        "is there a sign in it?": draw_confirmation(
            _asked(ShownReading(3, SessionFields(), False, 1, possible_sign="called 911"))
        ),
        **{
            f"a word on a reply, {word.value}": draw_word_on_reply(word, "K7QF-3M")
            for word in ReplyWord
        },
        "a number twice": draw_confirmation(
            _asked(replace(READING, session=3, same_number_on=date(2026, 3, 5)))
        ),
        "could not be read": draw_confirmation(
            _asked(ShownReading(3, SessionFields(), False, 1, unread="R-7KQ4D"))
        ),
        "more about an update": draw_confirmation(
            ShownConfirmation(KEPT.entry_id, "K7QF-3M", confirmed, True, True)
        ),
        "patient feedback": FeedbackForm.view(ShownFeedback(KEPT.entry_id, "K7QF-3M", READING)),
        "log a session": SessionForm.view(form),
        "edit what was read": SessionForm.view(
            replace(
                form,
                start=FULL,
                entry_id=KEPT.entry_id,
                number=3,
                asks_for_feedback=True,
                goals=GOALS,
            )
        ),
        "move an update": MoveForm.view(
            ShownMove(KEPT.entry_id, "K7QF-3M", (("b7d84e6655aa", "M3WC-9R"),))
        ),
        "case card, with the patient's account": draw_case_card(
            replace(case, patient_says=confirmed)
        ),
        "case card, with a change of plan asked for": draw_case_card(
            replace(
                case, plan_asked=ShownQuestion(date(2026, 3, 10), request="Ok to add scar work?")
            )
        ),
        "answer a hold": HoldForm.view(
            ShownHold(
                case.referral_id,
                "K7QF-3M",
                date(2026, 3, 10),
                (ShownQuestion(date(2026, 3, 9), Severity.URGENT, ConcernState.OPEN),),
            )
        ),
        "hold cleared": draw_hold_answered(case, "U0RIVERA", cleared=True),
        "hold kept": draw_hold_answered(case, "U0RIVERA", cleared=False),
        "red flag posted": draw_concern_posted(flagged),
        "red flag whose words are gone": draw_concern_posted(replace(flagged, words_are_gone=True)),
        "red flag, read": ConcernView.view(told),
        "red flag, to acknowledge": AcknowledgeForm.view(
            ShownToAcknowledge(flagged, tuple(Decision), told.words, told.hits)
        ),
        "withdraw a concern": WithdrawForm.view(told),
        "concern withdrawn": draw_concern_withdrawn(withdrawn),
        "concern withdrawn, in its thread": draw_concern_posted(withdrawn),
        "withdrawn concern, read": ConcernView.view(
            replace(told, concern=withdrawn, withdrawal="It was about her mother")
        ),
    }


def _asked(reading: ShownReading) -> ShownConfirmation:
    return ShownConfirmation(KEPT.entry_id, "K7QF-3M", reading, False, False)
