"""What coordinators set: every ladder at a glance, a ladder, a rung, the clinic's telephone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, ValidationError
from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.care.concern import Severity
from bot.care.ladder import Ladder, Rung, RungHours, Tell
from bot.care.ladder_limits import MOST_RUNGS
from bot.shown.case import ShownLadder, ShownLadders
from bot.views import ladder_words
from bot.views.carried import Action, Carried, Nothing, Tampered
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import actions, button, plain, section, small_print
from bot.views.modals import loading_view, reading_view
from bot.views.text import escape, lowered

_LONGEST_MINUTES = 7 * 24 * 60
_LONGEST_HOURS = 30 * 24
_NEW = -1


class AboutSeverity(Carried):
    """Which ladder is meant."""

    severity: Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]

    @property
    def of(self) -> Severity:
        try:
            return Severity(self.severity)
        except ValueError:
            raise Tampered("severity") from None


class AboutLadder(AboutSeverity):
    """A ladder as it is being edited. Checked again by whoever saves it."""

    ladder: Annotated[str, StringConstraints(max_length=2500)]

    @classmethod
    def about(cls, severity: Severity, ladder: Ladder) -> "AboutLadder":
        shortest = ladder.model_dump_json(exclude_defaults=True)
        return cls(severity=severity.value, ladder=shortest)

    @property
    def draft(self) -> Ladder:
        """Raises `Tampered`."""
        try:
            return Ladder.model_validate_json(self.ladder)
        except ValidationError:
            raise Tampered("ladder") from None


class AboutRung(AboutLadder):
    """Which rung of it is changed; -1 adds one."""

    index: Annotated[int, Field(ge=_NEW, le=MOST_RUNGS)]


class RungNumber(Carried):
    """The rung that a button stands beside, from 0."""

    index: Annotated[int, Field(ge=0, le=MOST_RUNGS)]


class LaddersView:
    """All ladders, who would be told when, and the telephone."""

    title: ClassVar[str] = "Ladders"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownLadders) -> View:
        telephone = escape(shown.telephone) or "not set yet, so nobody can be told which to use"
        blocks: list[Block] = [
            section(
                "*The clinic's telephone, for when nobody answers*",
                telephone,
                accessory=button(Action.EDIT_TELEPHONE, "Change", says="Change the telephone"),
            ),
        ]
        for one in shown.ladders:
            name = ladder_words.concerns_of(one.severity)
            blocks += [
                section(
                    f"*{name}*",
                    *ladder_words.rung_lines(one.ladder),
                    ladder_words.end_line(one.ladder),
                    accessory=button(
                        Action.EDIT_LADDER,
                        "Edit",
                        AboutSeverity(severity=one.severity.value),
                        says=f"Edit the ladder of {lowered(name)}",
                    ),
                ),
                small_print(*ladder_words.preview_lines(one), ladder_words.version_line(one)),
            ]
        return reading_view(cls.title, blocks)


class LadderField(StrEnum):
    REPEAT = "repeat"
    RESOLVE = "resolve"


class LadderForm:
    """One ladder: its rungs, each with a button to change it, and what comes after the top."""

    callback_id: ClassVar[str] = "edit_ladder"

    @classmethod
    def view(cls, shown: ShownLadder) -> View:
        ladder = shown.ladder
        blocks: list[Block] = [
            section(
                "Concerns that run already keep the ladder they were raised under.",
                *[f":warning: {escape(reason)}" for reason in shown.reasons],
            )
        ]
        for index, rung in enumerate(ladder.rungs):
            blocks.append(
                section(
                    ladder_words.rung_line(index + 1, rung),
                    accessory=button(
                        Action.CHANGE_RUNG,
                        "Change",
                        RungNumber(index=index),
                        says=f"Change rung {index + 1}",
                    ),
                )
            )
        if len(ladder.rungs) < MOST_RUNGS:
            blocks += actions([button(Action.ADD_RUNG, "Add a rung")])
        blocks += [
            inputs.number(
                LadderField.REPEAT,
                "After the top, tell everybody again every … minutes",
                1,
                _LONGEST_MINUTES,
                initial=ladder.repeat_minutes,
            ),
            inputs.number(
                LadderField.RESOLVE,
                "Climb again if not resolved … hours after it is acknowledged",
                1,
                _LONGEST_HOURS,
                initial=ladder.resolve_hours,
            ),
            small_print(*ladder_words.preview_lines(shown)),
        ]
        about = AboutLadder.about(shown.severity, ladder)
        title = ladder_words.concerns_of(shown.severity)
        return inputs.form(cls.callback_id, title, "Save", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> tuple[Severity, Ladder]:
        """The ladder as it is to be saved. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutLadder.read(sent.private_metadata)
        repeat = sent.whole_number(LadderField.REPEAT)
        resolve = sent.whole_number(LadderField.RESOLVE)
        if not repeat or not resolve or repeat < 0 or resolve < 0:
            raise Tampered(LadderField.REPEAT)
        changed = {"repeat_minutes": repeat, "resolve_hours": resolve}
        return about.of, about.draft.model_copy(update=changed)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {LadderField.REPEAT.value: words.line}

    @classmethod
    def refused(cls, reasons: tuple[str, ...]) -> dict[str, str]:
        """Every reason for which it could be silent, in one place."""
        return {LadderField.REPEAT.value: " ".join(("Not saved.", *reasons))}


class RungField(StrEnum):
    WHO = "who"
    AFTER = "after"
    TIMES = "times"
    EVERY = "every"
    HOURS = "hours"
    REMOVE = "remove"


class _Remove(StrEnum):
    YES = "remove"


@dataclass(frozen=True)
class FilledRung:
    """The draft with the rung as it was filled in."""

    severity: Severity
    draft: Ladder


class RungForm:
    """Who is told, when, how often, and at which hours."""

    callback_id: ClassVar[str] = "change_rung"
    title: ClassVar[str] = "A rung"

    @classmethod
    def view(cls, about: AboutRung, outside: tuple[str, ...]) -> View:
        rungs = about.draft.rungs
        known = rungs[about.index] if 0 <= about.index < len(rungs) else None
        last = rungs[-1].after_minutes
        blocks: list[Block] = [
            inputs.preset(RungField.WHO, "Who is told?", _whom(outside), initial=_value(known)),
            inputs.number(
                RungField.AFTER,
                "How many minutes after the concern is raised?",
                0,
                _LONGEST_MINUTES,
                initial=known.after_minutes if known else last,
            ),
            inputs.number(
                RungField.TIMES, "How often?", 1, 10, initial=known.times if known else 1
            ),
            inputs.amount(
                RungField.EVERY,
                "Minutes between, if more than once",
                0,
                _LONGEST_MINUTES,
                whole=True,
                initial=known.every_minutes or None if known else None,
            ),
            inputs.preset(
                RungField.HOURS,
                "At which hours?",
                [inputs.option(one, one.label) for one in RungHours],
                initial=(known.hours if known else RungHours.AROUND_THE_CLOCK).value,
            ),
        ]
        if known is not None and len(rungs) > 1:
            option = inputs.option(_Remove.YES, "Take this rung away")
            blocks.append(inputs.tick(RungField.REMOVE, "Or", option))
        return inputs.form(cls.callback_id, cls.title, "Done", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledRung:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutRung.read(sent.private_metadata)
        rungs = list(about.draft.rungs)
        removes = sent.has(RungField.REMOVE) and bool(sent.choices(RungField.REMOVE, _Remove))
        if 0 <= about.index < len(rungs):
            rungs.pop(about.index)
        if not removes:
            rungs.append(_rung(sent))
        if not rungs:
            raise Tampered(RungField.REMOVE)
        rungs.sort(key=lambda rung: rung.after_minutes)
        return FilledRung(about.of, about.draft.model_copy(update={"rungs": tuple(rungs)}))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {RungField.AFTER.value: words.line}


def _rung(sent: Submitted) -> Rung:
    who, _, outside = sent.option(RungField.WHO).partition(":")
    try:
        return Rung(
            tell=Tell(who),
            after_minutes=sent.whole_number(RungField.AFTER) or 0,
            times=sent.whole_number(RungField.TIMES) or 1,
            every_minutes=sent.whole_number(RungField.EVERY) or 0,
            hours=sent.choice(RungField.HOURS, RungHours),
            outside=outside,
        )
    except ValueError:
        raise Tampered(RungField.WHO) from None


def _whom(outside: tuple[str, ...]) -> list[Option]:
    """Parts played, and each channel outside Slack that is set up."""
    parts = [inputs.option(one, one.label) for one in Tell if one is not Tell.OUTSIDE]
    return parts + [
        Option(value=f"{Tell.OUTSIDE.value}:{name}", text=plain(f"Outside Slack: {name}"))
        for name in outside
    ]


def _value(rung: Rung | None) -> str | None:
    if rung is None:
        return None
    return f"{rung.tell.value}:{rung.outside}" if rung.tell is Tell.OUTSIDE else rung.tell.value


class TelephoneField(StrEnum):
    TELEPHONE = "telephone"


class TelephoneForm:
    """Which telephone to use when nobody answers."""

    callback_id: ClassVar[str] = "edit_telephone"
    title: ClassVar[str] = "The telephone"

    @classmethod
    def view(cls, telephone: str = "") -> View:
        blocks = [
            inputs.typed(
                TelephoneField.TELEPHONE,
                "Which telephone is answered when nobody answers here?",
                longest=40,
                initial=telephone,
                placeholder="+1 212 555 0100",
                hint="It is named in the thread and to coordinators when nobody was reached.",
            )
        ]
        return inputs.form(cls.callback_id, cls.title, "Save", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> str:
        """What was filled in. Raises `Tampered`."""
        return Submitted.read(view, cls.callback_id).text(TelephoneField.TELEPHONE)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {TelephoneField.TELEPHONE.value: words.line}
