"""People of the clinic, and what they do and see in Slack: the words that stories are told in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.demo.seen import Button, Seen, StoryBroken, see
from bot.sandbox import File, Message, Outcome, Person, View
from bot.sandbox.wire import JsonObject, JsonValue

if TYPE_CHECKING:
    from bot.demo.clinic import Clinic

# How the bot calls the form in which a patient is referred.
REFERRING = "refer"
_CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{2}")
PATIENT: dict[str, str] = {
    "name": "Jordan Ellis",
    "birth_date": "1984-05-17",
    "record_number": "MRN-204418",
    "phone": "+1 212 555 0142",
    "consent_by": "patient",
    "consent_on": "2026-11-20",
    "indication": "liposuction",
    "surgery_date": "2026-11-10",
    "areas": "abdomen,flanks",
    "precautions": "Drain left side until day 14",
    "screened": "screened",
    "sessions": "10",
    "frequency": "two_a_week",
    "paid_by": "self",
    "note": "Gentle on the left flank, please",
}


@dataclass
class Received:
    """A message that somebody got."""

    reader: Someone
    channel_id: str
    ts: str

    @property
    def message(self) -> Message:
        channel = self.reader.person.channel(self.channel_id)
        return channel.messages.get(self.ts) or channel.ephemerals[self.ts]

    @property
    def seen(self) -> Seen:
        return see(self.reader.clinic.slack, self.message)

    async def clicks(self, button: str) -> Form:
        """Click a button that opens a form."""
        await self.presses(button)
        return self.reader.form()

    async def presses(self, button: str) -> Outcome:
        """Click a button; whatever it opens or says is there afterwards."""
        found = self.seen.button(button)
        outcome = await self.reader.person.clicks(
            self.channel_id, self.ts, found.action_id, block_id=found.block_id
        )
        await self.reader.clinic.settled()
        return outcome


@dataclass
class Home:
    """The Home tab as somebody has it open."""

    reader: Someone

    @property
    def _view(self) -> View:
        found = self.reader.person.home(self.reader.clinic.app.app.id)
        if found is None:
            raise StoryBroken(f"{self.reader.name} has no Home tab")
        return found

    @property
    def seen(self) -> Seen:
        return see(self.reader.clinic.slack, self._view)

    async def presses(self, button: str) -> Outcome:
        """Press a button; whatever it opens is there afterwards."""
        found = self.seen.button(button)
        outcome = await self.reader.person.acts_in_view(
            self._view.id, found.action_id, block_id=found.block_id
        )
        await self.reader.clinic.settled()
        return outcome


@dataclass
class Form:
    """A modal that is open in front of somebody."""

    reader: Someone
    view: View

    @property
    def seen(self) -> Seen:
        return see(self.reader.clinic.slack, self.view)

    async def submits(self, **fields: str) -> Outcome:
        """Fill the fields in, by the bot's names for them, send, and let it all be worked off."""
        outcome = await self.sends(**fields)
        await self.reader.clinic.settled()
        return outcome

    async def sends(self, **fields: str) -> Outcome:
        """Fill the fields in and send; what comes of it may still be under way."""
        values: JsonObject = {}
        for name, value in fields.items():
            values[name] = {name: _state(self._element(name), value)}
        return await self.reader.person.submits(self.view.id, values)

    async def closes(self) -> None:
        await self.reader.person.closes(self.view.id)

    def offers_itself(self, field: str, value: str) -> None:
        """What a client can do that changes its form: choose what was not offered."""
        options = self._element(field)["options"]
        if isinstance(options, list):
            options.append({"text": {"type": "plain_text", "text": value}, "value": value})

    def value_of(self, field: str, text: str) -> str:
        """What stands behind the option of that text."""
        options = self._element(field)["options"]
        for option in options if isinstance(options, list) else []:
            if isinstance(option, dict) and text in str(option["text"]):
                return str(option["value"])
        raise StoryBroken(f"{field} does not offer {text!r}")

    async def presses(self, button: str, *, nth: int = 1) -> Form:
        """Press a button in it, the `nth` of that text; the form that is in front then."""
        found = [one for one in self.seen.buttons if one.text == button]
        if len(found) < nth:
            raise StoryBroken(f"there is no button {button!r} number {nth}: {self.seen.words}")
        await self.reader.person.acts_in_view(
            self.view.id, found[nth - 1].action_id, block_id=found[nth - 1].block_id
        )
        await self.reader.clinic.settled()
        return self.reader.form()

    def _element(self, block_id: str) -> JsonObject:
        found = self._elements().get(block_id)
        if found is None:
            raise StoryBroken(f"the form has no field {block_id}: {self.seen.words}")
        return found

    def _elements(self) -> dict[str, JsonObject]:
        """The inputs by the names of their fields."""
        blocks = self.view.body["blocks"]
        found: dict[str, JsonObject] = {}
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, dict):
                element = block.get("element")
                if isinstance(element, dict):
                    found[str(block.get("block_id"))] = element
        return found


@dataclass
class ReferralSteps(Form):
    """The form in which a patient is referred. What is filled in is spread over its steps."""

    offered: set[str] = field(default_factory=set)

    async def sends(self, **fields: str) -> Outcome:
        """Fill in each step what it asks for, and go on until it is sent or something is wrong."""
        outcome = await self.fills_step(**fields)
        while outcome.ok and not outcome.errors and self._is_filled_in_still():
            outcome = await self.fills_step(**fields)
        unknown = set(fields) - self.offered
        if outcome.ok and not outcome.errors and unknown:
            raise StoryBroken(f"no step of the form has a field {unknown}")
        return outcome

    async def goes_on_to(self, title: str, **fields: str) -> None:
        """Fill steps in until the one of that title is in front."""
        while not self.seen.says(title):
            outcome = await self.fills_step(**fields)
            if not outcome.ok or outcome.errors:
                raise StoryBroken(f"the form does not go on: {outcome.errors or outcome.text}")

    async def fills_step(self, **fields: str) -> Outcome:
        """Fill the step in front in and press its button; the form then shows where that led."""
        here, before = set(self._elements()), self.view.body.get("private_metadata")
        self.offered |= here
        outcome = await super().sends(**{key: said for key, said in fields.items() if key in here})
        if outcome.ok and not outcome.errors:
            self.view = self.reader.form().view
            if self.view.body.get("private_metadata") == before:
                raise StoryBroken(f"the form stays where it is: {self.seen.words}")
        return outcome

    def _is_filled_in_still(self) -> bool:
        return self.view.body.get("callback_id") == REFERRING


@dataclass
class Case:
    """A referral as people see it: a thread in a channel, under a card."""

    clinic: Clinic
    code: str
    surgeon: Someone
    therapist: Someone
    channel_id: str
    ts: str

    @property
    def card(self) -> Seen:
        return see(self.clinic.slack, self._root)

    @property
    def _root(self) -> Message:
        return self.clinic.slack.workspace.state.channels[self.channel_id].messages[self.ts]

    def card_for(self, reader: Someone) -> Received:
        return Received(reader, self.channel_id, self.ts)

    async def thread_shows(self, *parts: str) -> Received:
        """A word of the bot in the thread, not seen before, that says all of this."""
        await self.clinic.settled()
        for message in self._bot_replies():
            said = see(self.clinic.slack, message)
            if (self.channel_id, message.ts) not in self.clinic.seen and said.says(*parts):
                self.clinic.seen.add((self.channel_id, message.ts))
                return Received(self.surgeon, self.channel_id, message.ts)
        shown = [see(self.clinic.slack, message).words for message in self._bot_replies()]
        raise StoryBroken(f"the thread does not show {parts}; it shows {shown}")

    def files(self) -> list[File]:
        """The files that the bot shared in the thread, oldest first."""
        state = self.clinic.slack.workspace.state
        return [state.files[one] for message in self._bot_replies() for one in message.files]

    def _bot_replies(self) -> list[Message]:
        thread = self.clinic.slack.workspace.state.channels[self.channel_id].messages.values()
        return [
            message
            for message in thread
            if message.thread_ts == self.ts and message.bot_id and message.ts != self.ts
        ]


class Someone:
    """A person of the clinic."""

    def __init__(self, clinic: Clinic, user_id: str) -> None:
        self.clinic = clinic
        self.user_id = user_id

    @property
    def person(self) -> Person:
        return self.clinic.slack.person(self.user_id)

    @property
    def name(self) -> str:
        return self.person.user.real_name

    # -- referring and answering -----------------------------------------------------------

    async def opens_refer_form(self, to: str = "") -> Form:
        """Type `/refer`, with whom it is to go to, if they say it."""
        outcome = await self.person.runs("/refer", to, self.clinic.channel_id)
        if not outcome.ok:
            raise StoryBroken(f"/refer was not acknowledged: {outcome.text}")
        await self.clinic.settled()
        return self.form()

    async def refers(self, to: Someone, **fields: str) -> Case:
        """Refer a patient, with the usual particulars unless told otherwise."""
        form = await self.opens_refer_form()
        outcome = await form.submits(**{**PATIENT, **fields}, therapist=to.user_id)
        if outcome.errors or not outcome.ok:
            raise StoryBroken(f"the referral was not taken: {outcome.errors or outcome.text}")
        code = self.reads_code()
        if self.person.modal is not None:
            await self.form().closes()
        return self.looks_at_the_card(code, to)

    def reads_code(self) -> str:
        found = _CODE.search(self.form().seen.words)
        if found is None:
            raise StoryBroken("nobody says the case code")
        return found[0]

    def looks_at_the_card(self, code: str, therapist: Someone) -> Case:
        """The case of that code, as it stands in the pair's channel."""
        direct = therapist.person.direct_channel_with(self.clinic.app.bot_user_id)
        for channel in therapist.person.channels():
            for message in channel.messages.values():
                is_card = message.bot_id and not message.is_reply and channel.id != direct
                if is_card and code in see(self.clinic.slack, message).words:
                    self.clinic.seen.add((channel.id, message.ts))
                    return Case(self.clinic, code, self, therapist, channel.id, message.ts)
        raise StoryBroken(f"there is no card for {code}")

    async def presses(self, case: Case, button: str) -> Outcome:
        """Press a button on the case card."""
        return await case.card_for(self).presses(button)

    async def presses_from_memory(
        self, case: Case, button: Button, value: str | None = None
    ) -> Outcome:
        """What a client can do that kept an old card, or changed what a button carries."""
        sent = button.value if value is None else value
        card = case.card_for(self).message
        shown = card.blocks
        kept: JsonObject = {
            "type": "button",
            "action_id": button.action_id,
            "text": {"type": "plain_text", "text": button.text},
            "value": sent,
        }
        card.blocks = [{"type": "actions", "block_id": button.block_id, "elements": [kept]}]
        outcome = await self.person.clicks(
            case.channel_id, case.ts, button.action_id, block_id=button.block_id
        )
        card.blocks = shown
        await self.clinic.settled()
        return outcome

    async def opens(self, case: Case, button: str) -> Form:
        """Press a button on the case card that opens a form."""
        return await case.card_for(self).clicks(button)

    async def replies(self, case: Case, text: str, *, broadcast: bool = False) -> str:
        """Write in the thread; the answer is the message's timestamp."""
        ts = await self.person.posts(case.channel_id, text, case.ts, broadcast)
        await self.clinic.settled()
        return ts

    async def sends_file(self, case: Case, name: str, text: str = "") -> str:
        """Upload a file into the thread, with words or without; its kind is told by its name."""
        file_id = await self.person.uploads(name, name.encode())
        ts = await self.person.posts(case.channel_id, text, case.ts, files=[file_id])
        await self.clinic.settled()
        return ts

    async def edits(self, case: Case, ts: str, text: str) -> None:
        await self.person.edits(case.channel_id, ts, text)
        await self.clinic.settled()

    async def deletes(self, case: Case, ts: str) -> None:
        await self.person.deletes(case.channel_id, ts)
        await self.clinic.settled()

    # -- seeing ----------------------------------------------------------------------------

    async def opens_home(self) -> Home:
        await self.person.opens_home(self.clinic.app.app.id)
        await self.clinic.settled()
        return Home(self)

    def form(self) -> Form:
        """The modal in front of them."""
        if self.person.modal is None:
            raise StoryBroken(f"no form is open in front of {self.name}")
        is_referral = self.person.modal.body.get("callback_id") == REFERRING
        return (ReferralSteps if is_referral else Form)(self, self.person.modal)

    async def gets_message(self, *parts: str) -> Received:
        """A direct message of the bot, not seen before, that says all of this."""
        await self.clinic.settled()
        for message in self._direct():
            key = (message.channel, message.ts)
            if key not in self.clinic.seen and see(self.clinic.slack, message).says(*parts):
                self.clinic.seen.add(key)
                return Received(self, message.channel, message.ts)
        got = [see(self.clinic.slack, message).words for message in self._direct()]
        raise StoryBroken(f"{self.name} got no message that says {parts}; got {got}")

    async def sees_in_clinic_channel(self, *parts: str) -> Seen:
        """A word of the bot in the clinic channel, not seen before."""
        await self.clinic.settled()
        messages = self.person.messages(self.clinic.channel_id)
        for message in messages:
            key = (message.channel, message.ts)
            said = see(self.clinic.slack, message)
            if message.bot_id and key not in self.clinic.seen and said.says(*parts):
                self.clinic.seen.add(key)
                return said
        raise StoryBroken(f"the clinic channel does not show {parts}")

    async def is_told_privately(self, channel_id: str, *parts: str) -> Seen:
        """A word that only they see."""
        await self.clinic.settled()
        for message in self.person.ephemerals(channel_id):
            said = see(self.clinic.slack, message)
            key = (channel_id, f"{self.user_id}:{message.ts}")
            if key not in self.clinic.seen and said.says(*parts):
                self.clinic.seen.add(key)
                return said
        told = [
            see(self.clinic.slack, message).words for message in self.person.ephemerals(channel_id)
        ]
        raise StoryBroken(f"{self.name} is not told {parts}; told {told}")

    async def is_told_privately_with_button(self, case: Case, *parts: str) -> Received:
        """A word that only they see in a case's thread, with something to click."""
        await self.clinic.settled()
        for message in self.person.ephemerals(case.channel_id):
            said = see(self.clinic.slack, message)
            key = (case.channel_id, f"{self.user_id}:{message.ts}")
            here = message.thread_ts == case.ts and said.buttons and said.says(*parts)
            if here and key not in self.clinic.seen:
                self.clinic.seen.add(key)
                return Received(self, case.channel_id, message.ts)
        told = [
            see(self.clinic.slack, message).words
            for message in self.person.ephemerals(case.channel_id)
        ]
        raise StoryBroken(f"{self.name} is not told {parts}; told {told}")

    async def is_asked(self, case: Case, *parts: str) -> Received:
        """The question that only they see under what they wrote, not seen before."""
        await self.clinic.settled()
        for message in self.person.ephemerals(case.channel_id):
            said = see(self.clinic.slack, message)
            key = (case.channel_id, f"{self.user_id}:{message.ts}")
            asked = message.thread_ts == case.ts and said.says("Is this right?", *parts)
            if asked and key not in self.clinic.seen:
                self.clinic.seen.add(key)
                return Received(self, case.channel_id, message.ts)
        told = [
            see(self.clinic.slack, message).words
            for message in self.person.ephemerals(case.channel_id)
        ]
        raise StoryBroken(f"{self.name} is not asked {parts}; told {told}")

    async def reports(self, case: Case, text: str) -> str:
        """Write a session update, and see that it is kept and that they are asked."""
        ts = await self.replies(case, text)
        await case.thread_shows("session update", "kept")
        await self.is_asked(case)
        return ts

    def unexpected(self, *, questions: bool = True) -> list[str]:
        """What the bot told them that nobody looked at.

        Without `questions`, those under their own updates are left out: they may get lost.
        """
        bot = self.clinic.app.bot_user_id
        found = [
            f"to {self.name}: {see(self.clinic.slack, message).words}"
            for message in self._direct()
            if (message.channel, message.ts) not in self.clinic.seen
        ]
        for channel in self.person.channels():
            for message in channel.messages.values():
                key = (channel.id, message.ts)
                if message.user == bot and message.bot_id and key not in self.clinic.seen:
                    self.clinic.seen.add(key)
                    found.append(f"in #{channel.name}: {see(self.clinic.slack, message).words}")
            for message in self.person.ephemerals(channel.id):
                key = (channel.id, f"{self.user_id}:{message.ts}")
                said = see(self.clinic.slack, message)
                if key not in self.clinic.seen and (questions or not said.says("Is this right?")):
                    found.append(f"only to {self.name}: {see(self.clinic.slack, message).words}")
        return found

    def _direct(self) -> list[Message]:
        bot = self.clinic.app.bot_user_id
        return [message for message in self.person.direct_messages_with(bot) if message.user == bot]


def _state(element: JsonObject, value: str) -> JsonValue:
    """What Slack's client sends for an input that was filled in."""
    kind = str(element["type"])
    option: JsonObject = {"value": value}
    match kind:
        case "datepicker":
            return {"type": kind, "selected_date": value or None}
        case "timepicker":
            return {"type": kind, "selected_time": value or None}
        case "datetimepicker":
            at = int(datetime.fromisoformat(value).timestamp()) if value else None
            return {"type": kind, "selected_date_time": at}
        case "users_select":
            return {"type": kind, "selected_user": value}
        case "conversations_select":
            return {"type": kind, "selected_conversation": value}
        case "static_select" | "radio_buttons":
            return {"type": kind, "selected_option": option if value else None}
        case "file_input":
            files: list[JsonValue] = [
                {"id": one, "name": f"{one}.jpg"} for one in value.split(",") if one
            ]
            return {"type": kind, "files": files}
        case "multi_static_select" | "checkboxes":
            chosen: list[JsonValue] = [{"value": one} for one in value.split(",") if one]
            return {"type": kind, "selected_options": chosen}
        case _:
            return {"type": kind, "value": value or None}
