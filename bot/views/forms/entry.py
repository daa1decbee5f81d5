"""The forms in which people make their own entry: three short steps, each saved by itself."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.codes import Technique
from bot.care.credentials import Credential, Language, LymphaticTraining, PrivacyRole, UsState
from bot.care.directory import (
    LONGEST_PLACE,
    MOST_CAPACITY,
    MOST_PLACES,
    EntryField,
    places_of,
)
from bot.care.indications import Indication
from bot.care.licence import LONGEST_NUMBER
from bot.care.people import Role
from bot.shown.directory import ShownEntry
from bot.views.carried import Nothing
from bot.views.directory_words import licence_line
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section, small_print
from bot.views.modals import loading_view
from bot.views.session_words import TECHNIQUES


class Accepting(StrEnum):
    """Whether new patients may come."""

    YES = "yes"
    NO = "no"

    @property
    def label(self) -> str:
        return {"yes": "Yes", "no": "No, not until the day below"}[self.value]


class WorkForm:
    """Step 1: what somebody does."""

    callback_id: ClassVar[str] = "entry_work"
    title: ClassVar[str] = "Your entry: work"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, entry: ShownEntry) -> View:
        profile = entry.profile
        blocks: list[Block] = [
            small_print("Step 1 of 3. Colleagues find you by this."),
            inputs.perhaps_some(
                EntryField.CREDENTIALS,
                "Credentials",
                inputs.options(Credential),
                initial=profile.credentials,
            ),
            inputs.perhaps_some(
                EntryField.PROCEDURES,
                "What you treat",
                inputs.options(Indication),
                initial=profile.procedures,
            ),
        ]
        if entry.role is Role.THERAPIST:
            blocks.append(
                inputs.perhaps_some(
                    EntryField.TECHNIQUES,
                    "Techniques",
                    [inputs.option(one, TECHNIQUES[one]) for one in Technique],
                    initial=profile.techniques,
                )
            )
        return inputs.form(cls.callback_id, cls.title, "Save and go on", Nothing(), blocks)

    @classmethod
    def read(
        cls, view: Mapping[str, object]
    ) -> tuple[tuple[Credential, ...], tuple[Indication, ...], tuple[Technique, ...]]:
        """Credentials, procedures, techniques. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        techniques = (
            sent.choices(EntryField.TECHNIQUES, Technique)
            if sent.has(EntryField.TECHNIQUES)
            else ()
        )
        return (
            sent.choices(EntryField.CREDENTIALS, Credential),
            sent.choices(EntryField.PROCEDURES, Indication),
            techniques,
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {EntryField.PROCEDURES.value: words.line}


class LicenceForm:
    """Step 2: the licence, and the certificate for lymphatic drainage."""

    callback_id: ClassVar[str] = "entry_licence"
    title: ClassVar[str] = "Your entry: licence"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, entry: ShownEntry) -> View:
        known = entry.pending or entry.licence
        blocks: list[Block] = [small_print("Step 2 of 3. A coordinator looks your licence up.")]
        if known is not None:
            blocks.append(section(f"*Now:* {licence_line(known)}"))
        blocks += [
            inputs.typed(
                EntryField.NUMBER,
                "Licence number",
                longest=LONGEST_NUMBER,
                initial=known.number if known else "",
            ),
            inputs.preset(
                EntryField.STATE,
                "State",
                inputs.options(UsState),
                initial=known.state.value if known else None,
            ),
            inputs.day(
                EntryField.EXPIRES_ON, "Expires on", initial=known.expires_on if known else None
            ),
        ]
        if entry.role is Role.THERAPIST:
            blocks += [
                inputs.perhaps_one(
                    EntryField.LYMPHATIC,
                    "Certificate for lymphatic drainage",
                    inputs.options(LymphaticTraining),
                    initial=entry.profile.lymphatic,
                ),
                inputs.day(
                    EntryField.LYMPHATIC_UNTIL,
                    "That certificate expires on",
                    optional=True,
                    initial=entry.profile.lymphatic_until,
                ),
            ]
        return inputs.form(cls.callback_id, cls.title, "Save and go on", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> "Submitted":
        """The form as it was sent; `sent` is read field by field. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        return sent

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {EntryField.NUMBER.value: words.line}


class PracticeForm:
    """Step 3: where, in which languages, for how many, and under which rules."""

    callback_id: ClassVar[str] = "entry_practice"
    title: ClassVar[str] = "Your entry: practice"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, entry: ShownEntry) -> View:
        profile = entry.profile
        accepting = Accepting.YES if profile.accepts_on(entry.today) else Accepting.NO
        blocks: list[Block] = [
            small_print(
                "Step 3 of 3. Hours and absences are set on the Home tab, or with "
                "`/careloop hours` and `/careloop away`."
            ),
            inputs.perhaps_some(
                EntryField.LANGUAGES,
                "Languages",
                inputs.options(Language),
                initial=profile.languages,
            ),
            inputs.typed(
                EntryField.PLACES,
                "Places",
                longest=MOST_PLACES * (LONGEST_PLACE + 2),
                optional=True,
                initial=", ".join(profile.places),
                placeholder="For example: Brooklyn, Upper East Side",
            ),
            inputs.amount(
                EntryField.CAPACITY,
                "Patients at a time",
                0,
                MOST_CAPACITY,
                initial=profile.capacity,
                whole=True,
            ),
            inputs.preset(
                EntryField.ACCEPTING,
                "Do you take new patients?",
                inputs.options(Accepting),
                initial=accepting.value,
            ),
            inputs.day(
                EntryField.NOT_BEFORE,
                "If not: the last day without",
                optional=True,
                initial=profile.not_before,
            ),
            inputs.perhaps_one(
                EntryField.PRIVACY_ROLE,
                "Under the rules on health data you are",
                inputs.options(PrivacyRole),
                initial=profile.privacy_role,
            ),
        ]
        return inputs.form(cls.callback_id, cls.title, "Save", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> "Submitted":
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        return sent

    @classmethod
    def places(cls, sent: "Submitted") -> tuple[str, ...]:
        return places_of(sent.text(EntryField.PLACES))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {EntryField.PLACES.value: words.line}


def entry_errors(problems: Mapping[EntryField, str]) -> dict[str, str]:
    """The problems of any step, each at its field."""
    return {field.value: words for field, words in problems.items()}
