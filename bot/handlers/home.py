"""The Home tab, and `/careloop`, which says what there is and opens a pair's channel form."""

from collections.abc import Awaitable, Callable
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.people import Role
from bot.handlers.answers import Body
from bot.handlers.channels import channel_facts
from bot.handlers.emergencies import open_emergency
from bot.handlers.home_view import home_view
from bot.handlers.ladders import open_ladders
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Command, HomeOpened, Submission, read
from bot.handlers.uses import Uses
from bot.handlers.words import words_of
from bot.handlers.working_time import open_absence, open_working_time
from bot.services.actor import Actor
from bot.services.errors import NotRegistered, RoomCannotBeUsed
from bot.views.carried import Action
from bot.views.forms.room import RoomForm
from bot.views.home import draw_what_to_type
from bot.views.modals import notice_view


def register(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @app.event("app_home_opened")
    async def show_home(body: Body) -> None:
        opened = read(HomeOpened, body)
        if opened.event.tab != "home":
            return
        await use.answers.home(opened.actor, await home_view(use, opened.actor))

    async def open_room_form(actor: Actor, trigger_id: str) -> None:
        async def fill() -> View:
            await use.rooms.require_coordinator(actor)
            return RoomForm.view()

        await use.answers.in_modal(trigger_id, RoomForm.loading(), fill)

    doors: dict[str, Callable[[Actor, str], Awaitable[None]]] = {
        "channel": open_room_form,
        "away": partial(open_absence, use),
        "hours": partial(open_working_time, use),
        "ladders": partial(open_ladders, use),
        "emergency": partial(open_emergency, use),
    }

    @app.command("/careloop")
    async def careloop(ack: AsyncAck, body: Body) -> None:
        command = read(Command, body)
        asked = command.text.strip().casefold()
        if asked in doors:
            await ack()
            await doors[asked](command.actor, command.trigger_id)
            return
        message = draw_what_to_type()
        await ack(text=message.text, blocks=message.blocks)

    @app.action(Action.NAME_ROOM)
    async def name_room(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_room_form(click.actor, click.trigger_id)

    @modals.takes(RoomForm, _at_its_field)
    async def use_channel(submission: Submission, view: Body) -> View:
        named = RoomForm.read(view)
        await use.rooms.require_coordinator(submission.actor)
        channel = await channel_facts(use.client, named.channel)
        await use.rooms.name(submission.actor, named.surgeon, named.therapist, channel)
        return notice_view(
            "Channel chosen", "Referrals between these two go to this channel from now on."
        )


def _at_its_field(error: Exception) -> dict[str, str] | None:
    if isinstance(error, NotRegistered) and error.needed in {Role.SURGEON, Role.THERAPIST}:
        return RoomForm.not_registered(error.needed)
    if isinstance(error, RoomCannotBeUsed):
        return RoomForm.trouble(words_of(error))
    return None
