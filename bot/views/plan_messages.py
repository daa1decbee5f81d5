"""In the thread: a change of the treatment plan, for the other side to sign, and its answer."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.care.treatment_plan import PlanState
from bot.shown.plan import ShownPlanChange
from bot.views.carried import AboutPlanVersion, Action
from bot.views.message import Message, actions, are_you_sure, button, quoted, section
from bot.views.plan_words import difference_line
from bot.views.text import escape, mention, when


def draw_plan_proposed(change: ShownPlanChange) -> Message:
    """What would change and why; with buttons until it is answered."""
    version, code = change.version, escape(change.case_code)
    title = (
        f"*Change of plan proposed* (version {version.number}) by {mention(version.proposed_by)}"
    )
    if version.amends is not None:
        title += f", in answer to version {version.amends}"
    blocks: list[Block] = [
        section(title, *[difference_line(one) for one in change.differences]),
        section("Why:"),
        *quoted(version.reason),
    ]
    if change.is_open:
        asked = mention(change.answered_next_by)
        blocks.append(
            section(f"{asked}, please countersign, amend or decline by {when(change.due)}.")
        )
        blocks += actions(_buttons(change))
    else:
        blocks.append(section(f"*{_came_of_it(change)}*"))
    return Message(f"{code}: change of plan, version {version.number}", blocks)


def draw_plan_answered(change: ShownPlanChange) -> Message:
    """What came of a proposal, as a word of its own, so that both sides are told."""
    version, code = change.version, escape(change.case_code)
    blocks: list[Block] = [section(f"*{_came_of_it(change)}*", _follows(change))]
    if version.state is PlanState.DECLINED:
        blocks += quoted(version.answer)
    return Message(f"{code}: plan version {version.number} answered", blocks)


def _came_of_it(change: ShownPlanChange) -> str:
    version = change.version
    who = mention(version.answered_by) if version.answered_by else "nobody"
    named = f"Plan version {version.number}"
    match version.state:
        case PlanState.IN_FORCE:
            return f"{named} is in force. Countersigned by {who}."
        case PlanState.REPLACED:
            return f"{named} was in force, and is replaced by a later one."
        case PlanState.DECLINED:
            return f"{named} is declined by {who}."
        case PlanState.AMENDED:
            return f"{named} is answered by {who} with another proposal."
        case PlanState.TAKEN_BACK:
            return f"{named} is taken back by {who}."
        case PlanState.PROPOSED:
            return f"{named} was not answered before the case moved on."


def _follows(change: ShownPlanChange) -> str:
    if change.version.state is PlanState.IN_FORCE:
        return "Session updates follow it from now on."
    if change.version.state is PlanState.DECLINED:
        return "The plan stays as it was, because:"
    return "The plan stays as it was."


def _buttons(change: ShownPlanChange) -> list[ButtonElement]:
    about = AboutPlanVersion(version_id=change.version.id)
    named = f"version {change.version.number} of {change.case_code}"
    sure = are_you_sure(
        "Countersign this change?",
        "With your signature the plan is changed for both of you.",
        "Countersign",
        "Not yet",
    )
    return [
        button(
            Action.COUNTERSIGN_PLAN,
            "Countersign",
            about,
            says=f"Countersign {named}",
            style="primary",
            confirm=sure,
        ),
        button(Action.AMEND_PLAN, "Amend", about, says=f"Amend {named}"),
        button(Action.DECLINE_PLAN, "Decline", about, says=f"Decline {named}"),
        button(Action.TAKE_BACK_PLAN, "Take back", about, says=f"Take back {named}"),
    ]
