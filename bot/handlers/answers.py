"""How a person is answered: in a modal, in a form's field, or in a word that only they see."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol, TypeVar

import aiohttp
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.boundary import Failed, attempt
from bot.handlers.payloads import Place
from bot.handlers.words import FORESEEN, words_of, words_of_failure
from bot.services.actor import Actor
from bot.views.errors import Words, draw_words, shown_at_fields
from bot.views.message import Message
from bot.views.modals import notice_view, takes_input, trouble_view

Body = Mapping[str, Any]
Answer = TypeVar("Answer")

# Slack waits 3 s for an answer to a form; the rest is for the way.
PATIENCE: Final = 2.3
SLACKS_TROUBLE: Final = (SlackApiError, aiohttp.ClientError, TimeoutError)

_log = structlog.get_logger("careloop.answers")


class Watch(Protocol):
    """Told that a modal shows something, or something new."""

    def __call__(self, view_id: str, *, is_form: bool) -> Awaitable[None]: ...


class Answers:
    """Answers in Slack. Errors become words here and nowhere else."""

    def __init__(self, client: AsyncWebClient, watch: Watch) -> None:
        """`watch` is told of each modal that shows something, so that none stays open for ever."""
        self._client = client
        self._watch = watch

    async def in_modal(
        self, trigger_id: str, loading: View, fill: Callable[[], Awaitable[View]]
    ) -> None:
        """Open `loading` at once, as a trigger lives for 3 seconds only, then show `fill`'s view.

        What goes wrong is said in the modal.
        """
        try:
            await self._fill_modal(trigger_id, loading, fill)
        except SLACKS_TROUBLE as error:
            # The person sees no modal, or one that still loads, and tries again.
            _log.warning("modal_not_shown", error=_code(error))

    async def _fill_modal(
        self,
        trigger_id: str,
        loading: View,
        fill: Callable[[], Awaitable[View]],
        *,
        above: bool = False,
    ) -> None:
        show = self._client.views_push if above else self._client.views_open
        opened = await show(trigger_id=trigger_id, view=loading)
        try:
            done = await attempt(_in_time(fill()), "fill_modal", *FORESEEN)
            view = trouble_view(words_of_failure(done)) if isinstance(done, Failed) else done.result
            if not isinstance(done, Failed):
                await self._shown(opened["view"]["id"], view)
        except FORESEEN as error:
            view = trouble_view(words_of(error))
        await self._client.views_update(view_id=opened["view"]["id"], view=view)

    async def _shown(self, view_id: str, view: View) -> None:
        """Before it is shown. If its time can't be set, it is shown all the same."""
        await attempt(self._watch(view_id, is_form=takes_input(view)), "watch_view")

    async def on_top(
        self, trigger_id: str, loading: View, fill: Callable[[], Awaitable[View]]
    ) -> None:
        """As `in_modal`, above the modal in which a button was pressed."""
        try:
            await self._fill_modal(trigger_id, loading, fill, above=True)
        except SLACKS_TROUBLE as error:
            _log.warning("modal_not_shown", error=_code(error))

    async def in_place(
        self, trigger_id: str, view_id: str, fill: Callable[[], Awaitable[View]]
    ) -> None:
        """Show `fill`'s view in place of the modal in which a button was pressed.

        What goes wrong is said above it: what was typed stays.
        """
        try:
            done = await attempt(_in_time(fill()), "fill_modal", *FORESEEN)
            trouble = words_of_failure(done) if isinstance(done, Failed) else None
            if not isinstance(done, Failed):
                await self.below(view_id, done.result)
        except FORESEEN as error:
            trouble = words_of(error)
        if trouble is None:
            return
        try:
            await self._client.views_push(trigger_id=trigger_id, view=trouble_view(trouble))
        except SLACKS_TROUBLE as error:
            _log.warning("modal_not_shown", error=_code(error))

    async def below(self, view_id: str | None, view: View) -> None:
        """Show the modal below anew. If Slack does not, it is only out of date."""
        try:
            if view_id:
                await self._shown(view_id, view)
                await self._client.views_update(view_id=view_id, view=view)
        except SLACKS_TROUBLE as error:
            _log.warning("modal_not_shown", error=_code(error))

    async def deed(
        self, actor: Actor, place: Place | None, work: Awaitable[Message | None]
    ) -> bool:
        """Do what a button asks for; what went wrong, or `work`'s word, is said to its author.

        Tells whether there was nothing to say.
        """
        message = await self._outcome(work)
        if message is not None:
            await self.privately(actor, place, message)
        return message is None

    async def take_back(self, respond: AsyncRespond) -> None:
        """Take a question away that only its reader saw. If Slack does not, it is no harm: what it
        offers is refused as out of date."""
        if not respond.response_url:
            return  # it was pressed where there is nothing to take away
        try:
            await respond(delete_original=True)
        except SLACKS_TROUBLE as error:
            _log.warning("question_not_taken_back", error=_code(error))

    async def take_back_at(self, response_url: str) -> None:
        """As `take_back`, once a form has come back that was opened from the question."""
        if response_url:
            await self.take_back(
                AsyncRespond(
                    response_url=response_url, proxy=self._client.proxy, ssl=self._client.ssl
                )
            )

    async def put_instead(self, respond: AsyncRespond, message: Message) -> None:
        """Put `message` in the place of a question that only its reader saw."""
        if not respond.response_url:
            return
        try:
            await respond(text=message.text, blocks=message.blocks, replace_original=True)
        except SLACKS_TROUBLE as error:
            _log.warning("answer_not_shown", error=_code(error))

    async def _outcome(self, work: Awaitable[Message | None]) -> Message | None:
        try:
            done = await attempt(_in_time(work), "button", *FORESEEN)
        except FORESEEN as error:
            return draw_words(words_of(error))
        return draw_words(words_of_failure(done)) if isinstance(done, Failed) else done.result

    async def privately(self, actor: Actor, place: Place | None, message: Message) -> None:
        """A word that only `actor` sees, where they are; in their direct messages otherwise."""
        try:
            if place is not None:
                await self._client.chat_postEphemeral(
                    channel=place.channel_id,
                    user=actor.slack_user_id,
                    thread_ts=place.thread_ts,
                    text=message.text,
                    blocks=message.blocks,
                )
                return
            opened = await self._client.conversations_open(users=[actor.slack_user_id])
            await self._client.chat_postMessage(
                channel=opened["channel"]["id"], text=message.text, blocks=message.blocks
            )
        except SLACKS_TROUBLE as error:
            _log.warning("answer_not_shown", error=_code(error))

    async def home(self, actor: Actor, view: View) -> None:
        """Show the Home tab anew. If Slack does not, it is drawn when it is opened next."""
        try:
            await self._client.views_publish(user_id=actor.slack_user_id, view=view)
        except SLACKS_TROUBLE as error:
            _log.warning("home_not_shown", error=_code(error))

    async def form(
        self,
        ack: AsyncAck,
        work: Awaitable[View | None],
        trouble: Callable[[Words], Mapping[str, str]],
        at_fields: Callable[[Exception], Mapping[str, str] | None] = lambda _: None,
        *,
        view_id: str = "",
    ) -> bool:
        """Answer a form: `work`'s view or nothing when it went well, else words at a field.

        Tells whether it went well.

        `view_id` is the form's, where something may be shown in its place. A form that is answered
        with words at a field stays open, with all that was typed.
        """
        try:
            done = await attempt(_in_time(work), "form", *FORESEEN)
        except FORESEEN as error:
            errors = at_fields(error) or trouble(words_of(error))
            await ack(response_action="errors", errors=shown_at_fields(errors))
            return False
        if isinstance(done, Failed):
            errors = trouble(words_of_failure(done))
            await ack(response_action="errors", errors=shown_at_fields(errors))
            return False
        if done.result is None:
            await ack()
            return True
        if view_id:
            await self._shown(view_id, done.result)
        await ack(response_action="update", view=done.result)
        return True


async def _in_time(work: Awaitable[Answer]) -> Answer:
    """Nobody waits longer than this to hear that it did not work."""
    async with asyncio.timeout(PATIENCE):
        return await work


def _code(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error", ""))
    return type(error).__name__


def said(title: str, words: str) -> View:
    """A modal that says that something is done."""
    return notice_view(title, words)
