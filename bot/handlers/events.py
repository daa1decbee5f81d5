"""Events that mean a deed: kept before Slack hears that they came, then worked off from there."""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.care.attached import Attached
from bot.handlers.accounts import account_in
from bot.handlers.answers import Body
from bot.handlers.payloads import Payload, Place, SlackId, read
from bot.handlers.typed import as_typed
from bot.handlers.uses import Uses
from bot.services.actor import Actor, Surface
from bot.services.deeds import Receipt
from bot.services.errors import DeedRefused, RecordIsErased
from bot.services.inbox import Arrived
from bot.services.replies import Said
from bot.views.carried import Tampered
from bot.views.errors import Cause, draw_words, words_for

_GONE: Final = "message_deleted"
_CHANGED: Final = "message_changed"
# Replies in all their forms; joins, topics and the like are nobody's words.
_SAID: Final = {None, "thread_broadcast", "file_share", "me_message"}


# A message's name in its channel, as Slack writes it.
_Ts = Annotated[str, StringConstraints(pattern=r"^[0-9.]{0,30}$")]


class _Edited(BaseModel):
    ts: _Ts


class _File(BaseModel):
    """A file of a message. Slack says no more of one that an app may not see."""

    id: SlackId
    mimetype: str = ""


def _well_formed(files: object) -> list[object]:
    """A file that can't be understood is no reason to lose what was written beside it."""
    found: list[object] = []
    for one in files if isinstance(files, list) else []:
        with suppress(ValidationError):
            found.append(_File.model_validate(one))
    return found


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ts: _Ts = ""
    thread_ts: _Ts | None = None
    user: SlackId | None = None
    team: SlackId | None = None
    user_team: SlackId | None = None
    text: str = ""
    bot_id: str | None = None
    edited: _Edited | None = None
    files: Annotated[tuple[_File, ...], BeforeValidator(_well_formed)] = ()


class _Envelope(Payload):
    event_id: SlackId
    team_id: SlackId


class _MessageEvent(_Message):
    subtype: str | None = None
    channel: SlackId
    deleted_ts: _Ts = ""
    message: _Message | None = None
    previous_message: _Message | None = None

    @property
    def subject(self) -> _Message:
        """The message that the event is about."""
        if self.subtype == _CHANGED:
            return self.message or _Message()
        if self.subtype == _GONE:
            return self.previous_message or _Message()
        return self


def register(app: AsyncApp, use: Uses) -> None:
    """A global middleware: it runs before Bolt acknowledges. An event that could not be stored is
    not acknowledged, so that Slack brings it again. What is kept is acknowledged here: nobody
    listens to it, and Bolt would ask every listener, which takes as long as all the rest."""

    @app.middleware
    async def keep(
        body: Body,
        next_: Callable[[], Awaitable[None]],
    ) -> BoltResponse | None:
        event = body.get("event")
        if isinstance(event, Mapping) and _is_wanted(body, event):
            envelope = read(_Envelope, body)
            await use.inbox.keep(Arrived(envelope.event_id, str(event["type"]), json.dumps(body)))
            return BoltResponse(status=200, body="")
        await next_()
        return None


def _is_wanted(body: Body, event: Mapping[str, object]) -> bool:
    """What is kept is read once before, so that what can't be worked off is not kept.

    Raises `Tampered` for what Slack would not send.
    """
    try:
        return _is_about_us(body, event)
    except (ValidationError, ValueError, KeyError, TypeError):
        raise Tampered("Event") from None


def _is_about_us(body: Body, event: Mapping[str, object]) -> bool:
    if event.get("type") == "user_change":
        account_in(body)
        return True
    if event.get("type") != "message":
        return False
    subject = _MessageEvent.model_validate(event).subject
    return subject.thread_ts is not None and subject.bot_id is None


def worker(use: Uses) -> Callable[[Arrived], Awaitable[None]]:
    """What works off a kept event. It may be given the same one twice."""

    async def work_off(arrived: Arrived) -> None:
        body = json.loads(arrived.payload)
        receipt = Receipt(arrived.key)
        try:
            if arrived.kind == "user_change":
                await use.people.account_changed(account_in(body), receipt)
            else:
                await _hear(use, body, receipt)
        except RecordIsErased:
            await _say_that_it_is_erased(use, body)
        except DeedRefused:
            # Recorded as a refusal; whoever is not part of a case gets no answer about it.
            return

    return work_off


async def _say_that_it_is_erased(use: Uses, body: Body) -> None:
    """Who writes in the thread of an erased case hears that nobody is told. Only they see it; the
    refusal is recorded already, so it is said at most once."""
    event = _MessageEvent.model_validate(body["event"])
    subject = event.subject
    if event.subtype == _GONE or subject.user is None:
        return
    actor = Actor(str(body["team_id"]), subject.user, Surface.THREAD)
    place = Place(event.channel, subject.thread_ts)
    await use.answers.privately(actor, place, draw_words(words_for(Cause.RECORD_IS_ERASED)))


async def _hear(use: Uses, body: Body, receipt: Receipt) -> None:
    event = _MessageEvent.model_validate(body["event"])
    subject = event.subject
    actor = Actor(
        subject.user_team or subject.team or str(body["team_id"]),
        subject.user or "",
        Surface.THREAD,
    )
    if event.subtype == _GONE:
        await use.threads.withdraw(
            Actor(str(body["team_id"]), actor.slack_user_id, Surface.THREAD),
            event.channel,
            event.deleted_ts,
            receipt,
        )
    elif subject.user is None or event.subtype not in _SAID | {_CHANGED}:
        await use.threads.not_ours(receipt)
    else:
        said = Said(
            channel_id=event.channel,
            thread_ts=subject.thread_ts or subject.ts,
            ts=subject.ts,
            said_ts=subject.edited.ts if subject.edited else subject.ts,
            words=as_typed(subject.text),
            attached=Attached.of((file.id, file.mimetype) for file in subject.files),
        )
        await use.threads.hear(actor, said, receipt)
