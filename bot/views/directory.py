"""The network: who was found, one entry, and one's own."""

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot.care.people import Role
from bot.shown.directory import ShownColleague, ShownEntry, ShownNetwork
from bot.views import directory_words as words
from bot.views.carried import AboutPerson, Action
from bot.views.message import actions, button, header, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.text import counted, escape, in_words, mention

_MOST_SHOWN = 20


class NetworkView:
    """Who was found, in order, with the reasons."""

    title = "Your network"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, network: ShownNetwork) -> View:
        if not network.found:
            return reading_view(
                cls.title,
                [
                    section("*Nobody fits this.*", "Ask for less, or ask a coordinator."),
                    *actions([button(Action.FIND_COLLEAGUE, "Search again")]),
                ],
            )
        blocks: list[Block] = [
            section(f"*{counted(len(network.found), 'colleague')}*, who can help soonest first."),
            *actions([button(Action.FIND_COLLEAGUE, "Search again")]),
        ]
        for one in network.found[:_MOST_SHOWN]:
            blocks += _colleague(one)
        if len(network.found) > _MOST_SHOWN:
            blocks.append(small_print("Only the first ones are shown. Ask for more to see fewer."))
        return reading_view(cls.title, blocks)


class EntryView:
    """One person's entry."""

    title = "Directory"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, entry: ShownEntry) -> View:
        lines = entry_lines(entry)
        blocks: list[Block] = [section(*lines[:2]), *([section(*lines[2:])] if lines[2:] else [])]
        if said := words.record_line(entry.record):
            whose = "*Your referrals:*" if entry.is_own else "*Together:*"
            blocks.append(section(f"{whose} {said}"))
        blocks += actions(_own_doors(entry) if entry.is_own else _doors(entry))
        if entry.is_own and (missing := entry.profile.missing(entry.role)):
            blocks.append(small_print(f"Still missing: {in_words(list(missing))}."))
        return reading_view(cls.title, blocks)


def entry_lines(entry: ShownEntry) -> list[str]:
    """An entry, a line each: who and whether new referrals are possible, then all else."""
    profile = entry.profile
    credentials = words.labels(profile.credentials)
    named = (
        ("Licence", words.licence_line(entry.licence) if entry.licence else ""),
        ("Entered", words.licence_line(entry.pending) if entry.pending else ""),
        ("Treats", words.labels(profile.procedures)),
        ("Techniques", words.techniques(profile)),
        ("Languages", words.labels(profile.languages)),
        ("Places", ", ".join(escape(place) for place in profile.places)),
        ("Privacy", profile.privacy_role.label if profile.privacy_role else ""),
    )
    return [
        f"*{mention(entry.person)}*, {entry.role.label}"
        + (f", {credentials}" if credentials else ""),
        words.standing_line(entry.standing),
        *(f"*{name}:* {value}" for name, value in named if value),
        *filter(None, (words.lymphatic_line(entry), words.capacity_line(entry))),
        words.time_line(entry),
        *words.away_lines(entry),
    ]


def standing_blocks(entry: ShownEntry) -> list[Block]:
    """For the Home tab: whether one may start something new, and the doors to the network."""
    licence = entry.pending or entry.licence
    lines = [words.standing_line(entry.standing)] if entry.role is not Role.COORDINATOR else []
    if licence is not None:
        lines.append(words.licence_line(licence))
    found: list[Block] = [section(*lines)] if lines else []
    return [
        header("Network"),
        *found,
        *actions(
            [
                button(Action.FIND_COLLEAGUE, "Find a colleague"),
                button(Action.OWN_ENTRY, "Your entry"),
            ]
        ),
    ]


def _colleague(one: ShownColleague) -> list[Block]:
    entry = one.entry
    record = words.record_line(entry.record)
    profile = entry.profile
    return [
        section(
            f"*{mention(entry.person)}*, {entry.role.label}",
            words.reasons_line(one.reasons),
            record,
            words.labels(profile.languages),
            ", ".join(escape(place) for place in profile.places),
        ),
        *actions(_doors(entry, with_details=True)),
    ]


def _doors(entry: ShownEntry, *, with_details: bool = False) -> list[ButtonElement]:
    about = AboutPerson(person_id=entry.person_id)
    found = [button(Action.REFER_TO, "Refer a patient", about)] if entry.may_refer else []
    if with_details:
        found.append(button(Action.SEE_COLLEAGUE, "Details", about))
    return found


def _own_doors(entry: ShownEntry) -> list[ButtonElement]:
    found = [button(Action.ENTER_WORK, "Change my work")]
    if entry.role is not Role.COORDINATOR:
        found.append(button(Action.ENTER_LICENCE, "Enter a licence"))
    found.append(button(Action.ENTER_PRACTICE, "Change places and capacity"))
    return found
