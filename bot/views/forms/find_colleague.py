"""The form in which a colleague is looked for; every field may stay empty."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.codes import Technique
from bot.care.credentials import Language
from bot.care.directory import LONGEST_PLACE, Wish
from bot.care.indications import Indication
from bot.care.people import Role
from bot.views.carried import Action, Nothing
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import actions, button
from bot.views.modals import loading_view
from bot.views.session_words import TECHNIQUES


class FindField(StrEnum):
    ROLE = "find_role"
    PROCEDURE = "find_procedure"
    TECHNIQUE = "find_technique"
    PLACE = "find_place"
    LANGUAGE = "find_language"
    AVAILABLE = "find_available"


class Provider(StrEnum):
    """Who can be looked for."""

    SURGEON = "surgeon"
    THERAPIST = "therapist"

    @property
    def label(self) -> str:
        return Role(self.value).label.capitalize()


class Availability(StrEnum):
    NOW = "now"


class FindForm:
    """What the colleague should do, speak, and where."""

    callback_id: ClassVar[str] = "find_colleague"
    title: ClassVar[str] = "Find a colleague"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, role: Role) -> View:
        other = Provider.SURGEON if role is Role.THERAPIST else Provider.THERAPIST
        blocks: list[Block] = [
            *actions([button(Action.OWN_ENTRY, "Your entry")]),
            inputs.perhaps_one(
                FindField.ROLE, "Who", inputs.options(Provider), initial=other.value
            ),
            inputs.perhaps_one(FindField.PROCEDURE, "Treats", inputs.options(Indication)),
            inputs.perhaps_one(
                FindField.TECHNIQUE,
                "Technique",
                [inputs.option(one, TECHNIQUES[one]) for one in Technique],
            ),
            inputs.typed(FindField.PLACE, "Place", longest=LONGEST_PLACE, optional=True),
            inputs.perhaps_one(FindField.LANGUAGE, "Language", inputs.options(Language)),
            inputs.tick(
                FindField.AVAILABLE,
                "Availability",
                inputs.option(Availability.NOW, "Can take a patient now"),
            ),
        ]
        return inputs.form(cls.callback_id, cls.title, "Find", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> Wish:
        """What is looked for. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        who = sent.perhaps(FindField.ROLE, Provider)
        return Wish(
            role=Role(who.value) if who else None,
            procedure=sent.perhaps(FindField.PROCEDURE, Indication),
            technique=sent.perhaps(FindField.TECHNIQUE, Technique),
            place=sent.text(FindField.PLACE),
            language=sent.perhaps(FindField.LANGUAGE, Language),
            only_available=bool(sent.choices(FindField.AVAILABLE, Availability)),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {FindField.PLACE.value: words.line}
