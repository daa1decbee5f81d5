"""`POST /_sandbox/as/USER/DEED`: what a person does on the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people import sight
from bot.sandbox.people.feed import Feeds
from bot.sandbox.people.outcome import Outcome
from bot.sandbox.people.person import Person
from bot.sandbox.state.model import Presence
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web.reading import answer, json_body
from bot.sandbox.web.words import in_words
from bot.sandbox.wire import JsonObject, object_at, text_at

Deed = Callable[[Person, JsonObject], Awaitable[JsonObject]]


@dataclass
class Deeds:
    workspace: Workspace
    feeds: Feeds
    person: Callable[[str], Person]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self.person(request.match_info["user"])
            deed = self._deed(request.match_info["deed"])
            return answer({"ok": True, **await deed(person, await json_body(request))})
        except SlackRefuses as refusal:
            return answer({**refusal.answer(), "message": in_words(refusal)})

    def _deed(self, name: str) -> Deed:
        deeds: dict[str, Deed] = {
            "post": self._post,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "pin": self._pin,
            "read": self._read,
            "typing": self._typing,
            "command": self._command,
            "action": self._action,
            "submit": self._submit,
            "close": self._close,
            "close_all": self._close_all,
            "shortcut": self._shortcut,
            "home": self._home,
            "options": self._options,
            "open_dm": self._open_dm,
            "create_channel": self._create_channel,
            "invite": self._invite,
            "leave": self._leave,
            "join": self._join,
            "archive": self._archive,
            "presence": self._presence,
            "dnd": self._dnd,
        }
        if name not in deeds:
            raise SlackRefuses("unknown_deed")
        return deeds[name]

    async def _post(self, person: Person, body: JsonObject) -> JsonObject:
        files = body.get("file_ids")
        ts = await person.posts(
            text_at(body, "channel"),
            text_at(body, "text"),
            text_at(body, "thread_ts") or None,
            body.get("broadcast") is True,
            [str(one) for one in files] if isinstance(files, list) else (),
        )
        return {"ts": ts}

    async def _edit(self, person: Person, body: JsonObject) -> JsonObject:
        await person.edits(text_at(body, "channel"), text_at(body, "ts"), text_at(body, "text"))
        return {}

    async def _delete(self, person: Person, body: JsonObject) -> JsonObject:
        await person.deletes(text_at(body, "channel"), text_at(body, "ts"))
        return {}

    async def _react(self, person: Person, body: JsonObject) -> JsonObject:
        on = body.get("on") is not False
        where, ts = text_at(body, "channel"), text_at(body, "ts")
        await person.reacts(where, ts, text_at(body, "name"), on=on)
        return {}

    async def _pin(self, person: Person, body: JsonObject) -> JsonObject:
        on = body.get("on") is not False
        await person.pins(text_at(body, "channel"), text_at(body, "ts"), on=on)
        return {}

    async def _read(self, person: Person, body: JsonObject) -> JsonObject:
        await person.reads(text_at(body, "channel"), text_at(body, "ts") or None)
        return {}

    async def _typing(self, person: Person, body: JsonObject) -> JsonObject:
        channel = person.channel(text_at(body, "channel"))
        frame: JsonObject = {
            "type": "typing",
            "channel": channel.id,
            "thread_ts": body.get("thread_ts"),
            "user": person.id,
        }
        for member in channel.members:
            if member != person.id:
                self.feeds.push(member, frame)
        return {}

    async def _command(self, person: Person, body: JsonObject) -> JsonObject:
        outcome = await person.runs(
            text_at(body, "command"), text_at(body, "text"), text_at(body, "channel")
        )
        return _told(outcome)

    async def _action(self, person: Person, body: JsonObject) -> JsonObject:
        outcome = await person.acts(
            object_at(body, "container"),
            text_at(body, "action_id"),
            text_at(body, "block_id") or None,
            object_at(body, "action"),
            object_at(body, "state"),
        )
        return _told(outcome)

    async def _submit(self, person: Person, body: JsonObject) -> JsonObject:
        outcome = await person.submits(text_at(body, "view_id"), object_at(body, "state"))
        return _told(outcome)

    async def _close(self, person: Person, body: JsonObject) -> JsonObject:
        await person.closes(text_at(body, "view_id"))
        return {}

    async def _close_all(self, person: Person, body: JsonObject) -> JsonObject:
        await person.closes(text_at(body, "view_id"), everything=True)
        return {}

    async def _shortcut(self, person: Person, body: JsonObject) -> JsonObject:
        callback_id, ts = text_at(body, "callback_id"), text_at(body, "ts")
        if not ts:
            return _told(await person.uses_shortcut(callback_id))
        channel = text_at(body, "channel")
        return _told(await person.uses_message_shortcut(callback_id, channel, ts))

    async def _home(self, person: Person, body: JsonObject) -> JsonObject:
        await person.opens_home(text_at(body, "app_id"), text_at(body, "tab") or "home")
        return {}

    async def _options(self, person: Person, body: JsonObject) -> JsonObject:
        return await person.options_for(
            object_at(body, "container"),
            text_at(body, "block_id") or None,
            text_at(body, "action_id"),
            text_at(body, "query"),
        )

    async def _open_dm(self, person: Person, body: JsonObject) -> JsonObject:
        channel = person.channel(person.direct_channel_with(text_at(body, "user")))
        return {"channel": sight.channel(self.workspace, channel, person.id)}

    async def _create_channel(self, person: Person, body: JsonObject) -> JsonObject:
        private = body.get("private") is True
        channel_id = await person.creates_channel(text_at(body, "name"), private=private)
        channel = person.channel(channel_id)
        return {"channel": sight.channel(self.workspace, channel, person.id)}

    async def _invite(self, person: Person, body: JsonObject) -> JsonObject:
        await person.invites(text_at(body, "channel"), text_at(body, "user"))
        return {}

    async def _leave(self, person: Person, body: JsonObject) -> JsonObject:
        await person.leaves(text_at(body, "channel"))
        return {}

    async def _join(self, person: Person, body: JsonObject) -> JsonObject:
        await person.joins(text_at(body, "channel"))
        return {}

    async def _archive(self, person: Person, body: JsonObject) -> JsonObject:
        await person.archives(text_at(body, "channel"))
        return {}

    async def _presence(self, person: Person, body: JsonObject) -> JsonObject:
        try:
            presence = Presence(text_at(body, "presence"))
        except ValueError:
            raise SlackRefuses("invalid_presence") from None
        await person.is_present(presence)
        return {}

    async def _dnd(self, person: Person, body: JsonObject) -> JsonObject:
        until = text_at(body, "until")
        try:
            moment = datetime.fromisoformat(until) if until else None
        except ValueError:
            raise SlackRefuses("invalid_time") from None
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        await person.rests_until(moment)
        return {}


def _told(outcome: Outcome) -> JsonObject:
    """An outcome as the page reads it."""
    if outcome.ok:
        return {"text": outcome.text}
    told: JsonObject = {"ok": False, "error": outcome.error or "errors", "message": outcome.text}
    if outcome.errors:
        told["errors"] = {**outcome.errors}
    return told
