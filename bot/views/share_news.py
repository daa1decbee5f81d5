"""A wish to share a case: to the pair, to whoever asked, into the thread. A case code and what is
due, nothing clinical, and nobody's name but colleagues'."""

from slack_sdk.models.blocks import Block

from bot.care.sharing import SharedPart, ShareStanding
from bot.shown.sharing import ShownShare
from bot.views.carried import AboutShare, Action
from bot.views.message import Message, actions, are_you_sure, button, section
from bot.views.text import escape, in_words, mention, on_day, when

_ALWAYS = "who treats, the reason, and how far it is"
_ADDED = {
    SharedPart.PLAN: "the treatment plan",
    SharedPart.PROGRESS: "the sessions and what was measured",
}


def draw_share_asked(share: ShownShare) -> Message:
    """To each of the pair; redrawn once it is settled."""
    code, asker = escape(share.case_code), mention(share.asked_by)
    about = AboutShare(share_id=share.share_id)
    match share.standing:
        case ShareStanding.WAITS:
            return Message(
                f"A colleague asks about case {code}: please answer",
                [
                    section(
                        f"*{asker} wants to refer the patient of case {code}, too, and asks you "
                        "to share it.*",
                        f"Nothing is shown to {asker} unless one of you two agrees; you choose "
                        f"what. The question ends by itself {when(share.lapses_at)}.",
                    ),
                    *actions(
                        [
                            button(
                                Action.AGREE_TO_SHARE,
                                "Choose what to share",
                                about,
                                says=f"Choose what to share of case {code}",
                                style="primary",
                            ),
                            button(
                                Action.DECLINE_SHARE,
                                "Rather not",
                                about,
                                says=f"Rather not share case {code}",
                                confirm=are_you_sure(
                                    "Rather not share?",
                                    "They are told so kindly, and can't ask about this case again.",
                                    "Rather not",
                                    "Keep open",
                                ),
                            ),
                        ]
                    ),
                ],
            )
        case ShareStanding.AGREED:
            words = f"{_by(share)} shares case {code} with {asker}: {shared_words(share)}."
            stop = button(
                Action.DECLINE_SHARE,
                "Stop sharing",
                about,
                says=f"Stop sharing case {code}",
                confirm=are_you_sure(
                    "Stop sharing?",
                    "They can read nothing of it any more, and can't ask about this case again.",
                    "Stop sharing",
                    "Keep sharing",
                ),
            )
            return Message(f"Case {code} is shared", [section(words), *actions([stop])])
        case ShareStanding.DECLINED:
            words = f"Case {code} is not shared with {asker}, as {_by(share)} decided."
        case ShareStanding.STOPPED:
            words = f"Case {code} is no longer shared with {asker}, as {_by(share)} decided."
        case ShareStanding.LAPSED:
            words = f"{asker} asked you to share case {code}. Nobody answered, so it was not."
        case ShareStanding.CASE_ENDED:
            words = f"Case {code} has ended, so nothing of it is shown to {asker}."
    return Message(f"Case {code}: settled", [section(words)])


def draw_share_answered(share: ShownShare) -> Message:
    """To whoever asked. Who the pair is, is said only where they agreed."""
    which = _which(share)
    match share.standing:
        case ShareStanding.AGREED:
            see = button(
                Action.SEE_SHARED, "See what they share", AboutShare(share_id=share.share_id)
            )
            return Message(
                "Colleagues share a case with you",
                [
                    section(
                        f"*{mention(share.surgeon)} and {mention(share.therapist)} share their "
                        f"case {escape(share.case_code)} with you.*",
                        f"You asked about the patient of {which}. You may see "
                        f"{shared_words(share)}. Every look is recorded.",
                    ),
                    *actions([see]),
                ],
            )
        case ShareStanding.DECLINED:
            words = [
                f"*The colleagues of the patient of {which} would rather not share their case.*",
                "There can be many reasons, and it says nothing about you. Your referral goes on "
                "all the same. What matters for the treatment, the patient can tell you.",
            ]
        case ShareStanding.STOPPED:
            words = [
                f"*The colleagues of the patient of {which} no longer share their case.*",
                "It can't be seen any more, and it says nothing about you. "
                "What matters for the treatment, the patient can tell you.",
            ]
        case _:
            words = [f"What colleagues shared about the patient of {which} is no longer shown."]
    return Message("Your question to colleagues was answered", [section(*words)])


def draw_share_in_thread(share: ShownShare) -> Message:
    """Into the thread: who else sees something of this case now; redrawn when that ends."""
    asker = mention(share.asked_by)
    if share.standing is ShareStanding.AGREED:
        words = (
            f"*{_by(share)} shares this case with {asker}*, who treats the same patient: "
            f"{shared_words(share)}."
        )
        return Message("A colleague may see a part of this case", [section(words)])
    return Message(
        "A colleague no longer sees a part of this case",
        [section(f"{asker} could see a part of this case and no longer can.")],
    )


def shared_line(share: ShownShare) -> Block:
    """On the Home tab of whoever may see something of a case."""
    about, code = AboutShare(share_id=share.share_id), escape(share.case_code)
    who = f"{mention(share.surgeon)} and {mention(share.therapist)}"
    see = button(
        Action.SEE_SHARED, "See what they share", about, says=f"See what is shared of {code}"
    )
    return section(f"*{code}* {who} share this case with you.", accessory=see)


def asked_line(share: ShownShare) -> Block:
    """On the Home tab of each of the pair, until one has answered."""
    about, code = AboutShare(share_id=share.share_id), escape(share.case_code)
    answer = button(
        Action.AGREE_TO_SHARE,
        "Choose what to share",
        about,
        says=f"Choose what to share of case {code}",
    )
    return section(f"*{code}* {mention(share.asked_by)} asks you to share it.", accessory=answer)


def shared_words(share: ShownShare) -> str:
    """What whoever asked may see."""
    return in_words([_ALWAYS, *(_ADDED[part] for part in share.parts)])


def _by(share: ShownShare) -> str:
    return mention(share.answered_by) if share.answered_by else "One of you"


def _which(share: ShownShare) -> str:
    """One's own case; where it was not sent, the day on which one asked."""
    if share.own_code:
        return f"your case {escape(share.own_code)}"
    return f"a referral that you began on {on_day(share.asked_at.date())}"
