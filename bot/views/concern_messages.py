"""A concern while it lives: in its thread, and with everybody who was told of it."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.concern import ConcernState
from bot.shown.case import ShownConcern
from bot.views import concern_words
from bot.views.carried import AboutConcern, Action
from bot.views.message import Message, actions, button, link, quoted, section
from bot.views.text import escape

_NOTHING_TO_DO = "There is nothing for you to do."


def draw_concern_posted(concern: ShownConcern) -> Message:
    """In the thread: who knows since when, what is next, what was decided. Redrawn each time."""
    blocks: list[Block] = [
        section(
            concern_words.first_of_all(concern),
            f"*{concern_words.title(concern)}, {concern_words.standing(concern)}*",
            concern_words.asks_for(concern) if concern.state is ConcernState.OPEN else "",
            concern_words.raised_line(concern),
            *concern_words.rule_lines(concern),
            concern_words.hold_line(concern),
            concern_words.gone_line(concern),
            *concern_words.taken_before_lines(concern),
            *concern_words.told_lines(concern),
            *concern_words.handover_lines(concern),
        )
    ]
    if concern.state is ConcernState.OPEN:
        blocks.append(section(concern_words.next_rung_line(concern)))
    elif concern.state is ConcernState.WITHDRAWN:
        blocks.append(section(concern_words.withdrawn_line(concern)))
    else:
        blocks.append(section(concern_words.acknowledged_line(concern)))
        blocks += quoted(concern.decision_note)
    if concern.state is ConcernState.RESOLVED:
        blocks.append(section(concern_words.resolved_line(concern)))
    blocks += actions(thread_buttons(concern))
    return Message(_fallback(concern), blocks)


def draw_concern_alert(concern: ShownConcern, reader: str) -> Message:
    """To one person on the ladder (`reader`, a Slack user id), by direct message.

    Says nothing of what the concern is about. Redrawn without its question once it is settled.
    """
    code = escape(concern.case_code)
    name = concern_words.title(concern)
    in_thread = reader in concern.pair
    opens = link(Action.OPEN_THREAD, "Open the thread", concern.thread_link) if in_thread else []
    if concern.state is ConcernState.ACKNOWLEDGED and reader == concern.acknowledged_by:
        opens = [*left_to_do(concern), *_pass_on(concern, reader), *opens]
    if concern.state is not ConcernState.OPEN:
        return Message(
            _fallback(concern),
            [
                section(
                    f"*{name} in {code}, {concern_words.standing(concern)}*",
                    _settled_line(concern, reader, in_thread=in_thread),
                ),
                *actions(opens),
            ],
        )
    return Message(
        _fallback(concern),
        [
            section(
                concern_words.first_of_all(concern),
                f"*{name} in {code}{_since_when(concern)}*",
                concern_words.raised_line(concern),
                concern_words.asks_for(concern),
                *concern_words.taken_before_lines(concern),
                *concern_words.told_lines(concern, but=reader),
                *_nobody_answers(concern),
            ),
            section(
                "Acknowledge it to read it and say what happens now.",
                concern_words.next_rung_line(concern),
            ),
            *actions([acknowledge_button(concern), *_pass_on(concern, reader), *opens]),
        ],
    )


def _nobody_answers(concern: ShownConcern) -> list[str]:
    if not concern.is_unanswered:
        return []
    return ["*Nobody has answered.*", concern_words.reachable_line(concern)]


def _since_when(concern: ShownConcern) -> str:
    """That somebody had it already, for whoever reads no further."""
    return f", {concern_words.standing(concern)}" if concern.taken_before else ""


def _pass_on(concern: ShownConcern, reader: str) -> list[ButtonElement]:
    """For surgeons and coordinators; a therapist's surgeon is on the ladder already."""
    is_therapist = concern.pair[1:] == (reader,)
    return [] if is_therapist else [pass_on_button(concern)]


def pass_on_button(concern: ShownConcern) -> ButtonElement:
    return button(
        Action.HAND_ON_CONCERN,
        "Pass on",
        AboutConcern(concern_id=concern.id),
        says=f"Pass the {concern_words.title(concern).lower()} on to a colleague",
    )


def acknowledge_button(concern: ShownConcern) -> ButtonElement:
    return button(
        Action.ACKNOWLEDGE,
        "Acknowledge",
        AboutConcern(concern_id=concern.id),
        says=f"Acknowledge the {concern_words.title(concern).lower()} in {concern.case_code}",
        style="primary",
    )


def left_to_do(concern: ShownConcern) -> list[ButtonElement]:
    """What can be done with it now: acknowledge, then resolve; read at any time."""
    about = AboutConcern(concern_id=concern.id)
    name = concern_words.title(concern).lower()
    found: list[ButtonElement] = []
    if concern.state is ConcernState.OPEN:
        found.append(acknowledge_button(concern))
    if concern.state is ConcernState.ACKNOWLEDGED:
        found.append(
            button(Action.RESOLVE, "Resolve", about, says=f"Resolve the {name}", style="primary")
        )
    found.append(button(Action.READ_CONCERN, "Read", about, says=f"Read the {name}"))
    return found


def thread_buttons(concern: ShownConcern) -> list[ButtonElement]:
    """In the thread, where whoever raised it is, too: they may withdraw it."""
    found = left_to_do(concern)
    if not concern.state.is_settled:
        found.append(
            button(
                Action.WITHDRAW_CONCERN,
                "Withdraw",
                AboutConcern(concern_id=concern.id),
                says=f"Withdraw the {concern_words.title(concern).lower()}",
            )
        )
    return found


def _settled_line(concern: ShownConcern, reader: str, *, in_thread: bool) -> str:
    by = concern.acknowledged_by
    if concern.state is ConcernState.WITHDRAWN:
        why = "The reason is in the thread, under Read." if in_thread else _NOTHING_TO_DO
        return f"{concern_words.withdrawn_line(concern)} {why}"
    if by == reader and concern.state is ConcernState.ACKNOWLEDGED:
        return "You acknowledged it. When it is dealt with, please resolve it."
    if by == reader:
        return "You acknowledged it, and it is resolved. Thank you."
    said = concern_words.taken_line_short(concern)
    if in_thread and concern.state is ConcernState.ACKNOWLEDGED:
        return f"{said} What was decided is in the thread."
    return f"{said} {_NOTHING_TO_DO}"


def _fallback(concern: ShownConcern) -> str:
    """Never what it says and never a name."""
    code = escape(concern.case_code)
    name = concern_words.title(concern)
    if concern.state is ConcernState.OPEN:
        before = f"{concern_words.standing(concern)}, " if concern.taken_before else ""
        before = "nobody has answered, " if concern.is_unanswered else before
        return f"{name} in {code}: {before}please acknowledge"
    return f"{name} in {code}: {concern_words.standing(concern)}"
