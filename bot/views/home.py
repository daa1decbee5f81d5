"""The Home tab: what is open, in the order in which it is due."""

from datetime import UTC, datetime

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.care.concern import ConcernState
from bot.care.people import Role
from bot.shown.case import ShownCase, ShownHome
from bot.views import case_words, concern_words
from bot.views.carried import AboutReferral, Action
from bot.views.concern_messages import acknowledge_button
from bot.views.directory import standing_blocks
from bot.views.emergency_news import running_blocks
from bot.views.home_concerns import asked_of
from bot.views.home_working_time import working_time
from bot.views.licence_news import draw_licence_entered
from bot.views.message import Message, actions, button, header, link, section, small_print
from bot.views.share_news import asked_line, shared_line
from bot.views.text import counted, escape, mention

# Slack takes 100 blocks a Home tab; what stands around the cases goes before them.
_MOST_BLOCKS = 100
_BLOCKS_A_CASE = 2
MOST_CASES = 28
_MOST_CONCERNS = 3
_MOST_COVERED = 8
_MOST_LET_IN = 5
_MOST_SHARES = 3
_LATEST = datetime.max.replace(tzinfo=UTC)


def draw_home(home: ShownHome) -> View:
    """One person's open referrals by due time, each with its next step."""
    cases = sorted((case for case in home.cases if not case.state.is_final), key=_due)
    above: list[Block] = [header("Open referrals"), *actions(_doors(home))]
    above += [section(_summary(cases) if cases else _NOTHING_OPEN[home.role])]
    above += asked_of(home)
    if home.emergencies is not None:
        above += running_blocks(home.emergencies)
    below = _others(home)
    if home.schedule is not None:
        below += working_time(home.schedule)
    below += _network(home)
    below.append(small_print("Patients' names are shown only under Patient details."))
    most = min(MOST_CASES, (_MOST_BLOCKS - len(above) - len(below) - 1) // _BLOCKS_A_CASE)
    blocks = [block for case in cases[:most] for block in _case(case, home.role)]
    rest = len(cases) - most
    if rest > 0:
        blocks.append(section(f"*{counted(rest, 'more case')}*, due later than these."))
    return View(type="home", blocks=[*above, *blocks, *below])


def _others(home: ShownHome) -> list[Block]:
    """Cases of those for whom they stand in, and those that they were let into."""
    blocks: list[Block] = []
    covered = sorted(home.covered, key=_due)
    if covered:
        blocks.append(section("*You cover for these*"))
    for case in covered[:_MOST_COVERED]:
        blocks += _case(case, home.role, is_own=False)
    if len(covered) > _MOST_COVERED:
        blocks.append(section(f"*{counted(len(covered) - _MOST_COVERED, 'more case')}*"))
    blocks += [asked_line(one) for one in home.asked_to_share[:_MOST_SHARES]]
    blocks += [shared_line(one) for one in home.shared_with[:_MOST_SHARES]]
    if home.let_in:
        blocks.append(section("*You may read these*"))
    for case in home.let_in[:_MOST_LET_IN]:
        who = f"{mention(case.surgeon)} and {mention(case.therapist)}"
        blocks.append(
            section(
                f"*{escape(case.case_code)}* {who}",
                case_words.STANDS[case.state],
                accessory=_read_button(case),
            )
        )
    return blocks


def _read_button(case: ShownCase) -> ButtonElement:
    return button(
        Action.READ_CASE,
        "Read the case",
        AboutReferral(referral_id=case.referral_id),
        says=f"Read case {case.case_code}",
    )


def draw_what_to_type() -> Message:
    """The answer to `/careloop` alone: a line for each thing, as a phone shows it."""
    lines = (
        "`/refer`: refer a patient",
        "`/network`: find a colleague, change your entry",
        "`/careloop away`: say that you will be away",
        "`/careloop hours`: set your working hours",
        "`/careloop channel`: choose the channel of a pair (coordinators)",
        "`/careloop ladders`: who is told of a concern, and when (coordinators)",
        "`/careloop emergency`: open a case in an emergency, if you were named for that",
        "Your open referrals are on the Home tab of Careloop.",
    )
    return Message("What you can type", [section(*lines)])


def draw_home_for_strangers() -> View:
    """For somebody whom Careloop does not know."""
    return View(
        type="home",
        blocks=[
            header("Careloop"),
            section(
                "Careloop keeps surgeons and massage therapists in touch about the patients they "
                "share.",
            ),
            section("It does not know you yet. Please ask a coordinator to register you."),
        ],
    )


def _network(home: ShownHome) -> list[Block]:
    """One's own standing, and what waits for a coordinator to look up."""
    found = standing_blocks(home.entry) if home.entry is not None else []
    for licence in home.to_verify:
        found += draw_licence_entered(licence).blocks
    return found


_NOTHING_OPEN: dict[Role, str] = {
    Role.SURGEON: "Nothing is open. To refer a patient, use the button above or type `/refer`.",
    Role.THERAPIST: (
        "Nothing is open. When a surgeon refers a patient to you, it is shown here and you get a "
        "message."
    ),
    Role.COORDINATOR: (
        "Nothing is open. Referrals are shown here with who owes the next step and by when."
    ),
}


def _doors(home: ShownHome) -> list[ButtonElement]:
    """What somebody can start from here."""
    found: list[ButtonElement] = []
    if home.role is Role.SURGEON:
        found = [button(Action.REFER, "Refer a patient", style="primary")]
    if home.role is Role.COORDINATOR:
        found = [
            button(
                Action.NAME_ROOM,
                "Name a channel",
                says="Name a private channel for a surgeon and a therapist",
            ),
            button(Action.LADDERS, "Ladders", says="Who is told of a concern, and when"),
            button(
                Action.EMERGENCY_GROUP,
                "Emergency group",
                says="Who may open any case in an emergency",
            ),
        ]
    if home.emergencies is not None and home.emergencies.is_member:
        text = "Emergency access"
        found.append(button(Action.EMERGENCY, text, says="Open a case in an emergency"))
    return found


def _summary(cases: list[ShownCase]) -> str:
    overdue = sum(1 for case in cases if case.next_step is not None and case.next_step.is_overdue)
    waiting = sum(1 for case in cases for one in case.concerns if one.state is ConcernState.OPEN)
    said = [f"{counted(len(cases), 'case')} open"]
    if overdue:
        said.append(f"{overdue:,} overdue")
    if waiting:
        said.append(f"{counted(waiting, 'concern')} not acknowledged")
    return f"{', '.join(said)}."


def _case(case: ShownCase, role: Role, *, is_own: bool = True) -> list[Block]:
    other = case.therapist if role is Role.SURGEON else case.surgeon
    who = (
        f"{mention(case.surgeon)} and {mention(case.therapist)}"
        if role is Role.COORDINATOR or not is_own
        else f"with {mention(other)}"
    )
    concerns = [
        f":warning: *{concern_words.title(one)}, {concern_words.standing(one)}*"
        for one in case.concerns[:_MOST_CONCERNS]
    ]
    more = len(case.concerns) - _MOST_CONCERNS
    if more > 0:
        concerns.append(counted(more, "more concern"))
    return [
        section(
            f"*{escape(case.case_code)}* {who}",
            *concerns,
            case_words.next_line(case.next_step) if case.next_step else "",
            f"{case_words.STANDS[case.state]} {case_words.sessions_line(case)}",
        ),
        *actions(_case_buttons(case, role, is_own=is_own)),
    ]


def _case_buttons(case: ShownCase, role: Role, *, is_own: bool) -> list[ButtonElement]:
    """Coordinators see who owes what; the patient and the thread are for those who treat."""
    waiting = [one for one in case.concerns if one.state is ConcernState.OPEN]
    found = [acknowledge_button(waiting[0])] if waiting and role is not Role.THERAPIST else []
    if role is Role.COORDINATOR:
        if case.is_left:
            about = AboutReferral(referral_id=case.referral_id)
            text = "Say who goes on"
            found.append(button(Action.WHO_GOES_ON, text, about, says=f"{text}: {case.case_code}"))
        return found
    if is_own:
        found += link(Action.OPEN_THREAD, "Open the thread", case.thread_link)
    else:  # who covers is not in the pair's channel
        found.append(_read_button(case))
    found.append(
        button(
            Action.SEE_PATIENT,
            "Patient details",
            AboutReferral(referral_id=case.referral_id),
            says=f"Patient details of {case.case_code}",
        )
    )
    return found


def _due(case: ShownCase) -> datetime:
    """When something is expected; a concern that nobody has acknowledged is due since it came."""
    moments = [one.raised_at for one in case.concerns if one.state is ConcernState.OPEN]
    if case.next_step is not None:
        moments.append(case.next_step.due)
    return min(moments, default=_LATEST)
