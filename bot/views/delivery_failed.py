"""To a coordinator: something owed could not be delivered, why, and what to do."""

from bot.notices import DeliveryFailed
from bot.views.message import Message, section, small_print
from bot.views.text import escape, shorten

WHAT: dict[str, str] = {
    "open_room": "A pair's private channel could not be opened",
    "case_card": "A case card could not be posted",
    "referral_received": "A new referral did not reach its therapist",
    "referral_answered": "The answer to a referral did not reach its surgeon",
    "update_kept": "The confirmation of a session update could not be posted",
    "confirm_update": "A question about a session update could not be shown",
    "identifiers_typed": "A word about identifiers could not be shown",
    "word_on_reply": "A word about a reply could not be shown",
    "update_moved": "That a session update was moved could not be posted",
    "hold_answered": "The answer to a hold could not be posted",
    "concern_withdrawn": "That a concern was withdrawn did not reach somebody who was told of it",
    "cover_asked": "Somebody who covers for a colleague could not be told",
    "digest": "A digest of what is due could not be delivered",
    "checkin_answered": "The answer to a check-in could not be posted",
    "concern_posted": "A concern could not be posted in its thread",
    "concern_alert": "A concern did not reach somebody who has to know",
    "concern_decided": "The decision about a concern could not be posted",
    "concern_resolved": "The end of a concern could not be posted",
    "concern_unanswered": "That nobody answers a concern could not be posted",
    "case_moved": "What was done in a case did not reach the other side",
    "licence_entered": "A licence to be verified did not reach a coordinator",
    "licence_answered": "The answer to a licence did not reach its owner",
    "work_handed_over": "That open work was handed over did not reach who has it now",
    "something_stuck": "That something is stuck could not be told",
    "concern_called": "A concern could not be posted in the clinic's channel",
    "concern_passed_on": "A concern did not reach the surgeon who was asked to take it",
    "concern_passed_back": "That a surgeon can't take a concern did not reach whoever asked",
    "outside_call": "A call outside Slack about a concern did not get through",
    "record_erased": "That a record was erased did not reach somebody who had written in it",
    "close_view": "A view that was left open could not be closed",
    "emergency_opened": "That a case was opened in an emergency did not reach somebody",
    "room_suspended": "That a channel is closed to Careloop did not reach somebody",
    "take_down": "A message of an erased record could not be deleted in Slack",
    "trend": "A picture of the trend could not be posted",
    "progress_report": "A progress report could not be posted",
    "progress_report_in_words": "A progress report in words could not be posted",
    "plan_proposed": "A proposed change of the plan could not be posted",
    "plan_answered": "The answer to a change of the plan could not be posted",
    "let_in": "The word that a colleague may read a case could not be posted",
    "share_asked": "The question whether a case can be shared did not reach one of its two",
    "share_answered": "The answer about sharing a case could not be posted",
    "seat_in_room": "Somebody could not be added to a channel, or removed from it",
}
_CONCERNS = {
    "concern_posted",
    "concern_alert",
    "concern_unanswered",
    "concern_called",
    "concern_passed_on",
    "outside_call",
}

_TELL_THEM = "Tell the people on the case directly."
# Slack's codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors
_WHY: dict[str, tuple[str, str]] = {
    "channel_not_found": (
        "The channel is gone, or Careloop is not in it.",
        "Add Careloop to the pair's channel, or name another one.",
    ),
    "is_archived": ("The channel is archived.", "Unarchive it, or name another one for the pair."),
    "not_in_channel": ("Careloop is not in the channel.", "Add it to the channel again."),
    "user_not_found": ("The account is unknown to Slack.", _TELL_THEM),
    "users_not_found": (
        "The account is unknown to Slack.",
        _TELL_THEM,
    ),
    "user_disabled": ("The account is deactivated.", _TELL_THEM),
    "account_inactive": (
        "Careloop was removed from the workspace, or its access has ended.",
        "Ask whoever runs Careloop to install it again.",
    ),
    "missing_scope": (
        "Careloop lacks a permission in this workspace.",
        "Ask whoever runs Careloop to install it again.",
    ),
    "file_uploads_disabled": (
        "The workspace's settings do not let anybody share files.",
        "Ask a workspace admin.",
    ),
    "outside_channel_failed": (
        "The channel outside Slack did not take it, many times.",
        "Ask whoever runs Careloop to look at its address.",
    ),
    "unreadable": (
        "Careloop can't read what it was to say: it was changed in the database, or written by "
        "another version of Careloop.",
        "Ask whoever runs Careloop.",
    ),
    "restricted_action": (
        "The workspace's settings do not let Careloop post there.",
        "Ask a workspace admin.",
    ),
}
_UNKNOWN = (
    "It could not be sent.",
    "Tell the people on the case directly, and whoever runs Careloop.",
)


def draw_delivery_failed(failed: DeliveryFailed, case_code: str = "") -> Message:
    """What did not arrive and what to do. An alert that did not arrive asks for the telephone."""
    what = WHAT.get(failed.failed_kind, "A message could not be delivered")
    why, to_do = _WHY.get(failed.error, _UNKNOWN)
    code = escape(case_code)
    where = f" ({code})" if code else ""
    if failed.failed_kind in _CONCERNS:
        to_do = f"*Please telephone the people on the case now.* {to_do}".removesuffix(_TELL_THEM)
    return Message(
        f"{code}: a message could not be delivered" if code else "A message could not be delivered",
        [
            section(f"*{what}{where}*", why, to_do.strip()),
            small_print(
                f"Reason {escape(shorten(failed.error, 80)) or 'unknown'}. "
                f"Reference {escape(shorten(failed.failed_row, 80))}"
            ),
        ],
    )
