"""Slack's codes in a person's words, for the page."""

from __future__ import annotations

from bot.sandbox.errors import SlackRefuses

_WORDS = {
    "action_not_found": "That button is not there any more.",
    "already_archived": "That channel is archived already.",
    "already_in_channel": "They are in this channel already.",
    "already_reacted": "You have reacted with that already.",
    "cant_delete_message": "You can't delete this message.",
    "cant_leave_general": "Nobody can leave this channel.",
    "cant_update_message": "You can only edit your own messages.",
    "channel_not_found": "There is no such channel, or you are not in it.",
    "invalid_name_maxlength": "A channel's name has 80 characters at most.",
    "invalid_name_punctuation": "A channel's name needs a letter or a number.",
    "invalid_name_required": "Please give the channel a name.",
    "invalid_name_specials": (
        "A channel's name has small letters, numbers, hyphens and underscores only."
    ),
    "is_archived": "This channel is archived.",
    "last_member": "You are the last one in this private channel.",
    "message_not_found": "That message is not there any more.",
    "msg_too_long": "This message is too long.",
    "name_taken": "There is a channel of that name already.",
    "no_text": "Please write something first.",
    "not_found": "That window is not open any more.",
    "not_in_channel": "You are not in this channel.",
    "operation_timeout": "The app did not respond.",
    "thread_not_found": "That thread is not there any more.",
    "user_not_found": "There is no such person.",
}


def in_words(refusal: SlackRefuses) -> str:
    return _WORDS.get(refusal.code) or f"That did not work ({refusal.code})."
