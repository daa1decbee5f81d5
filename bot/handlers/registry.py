"""Every handler, in the order in which Bolt asks them: the first that matches serves."""

import re

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.handlers import (
    answering,
    checkins,
    circle,
    concerns,
    course,
    directory,
    emergencies,
    events,
    handed_over,
    home,
    identifiers,
    ladders,
    passing_on,
    plans,
    progress,
    referring,
    rooms,
    sessions,
    shared_cases,
    templates,
    unforeseen,
    working_time,
)
from bot.handlers.uses import Uses

_PARTS = (
    events,
    rooms,
    referring,
    answering,
    sessions,
    concerns,
    plans,
    passing_on,
    ladders,
    progress,
    checkins,
    working_time,
    directory,
    course,
    identifiers,
    circle,
    handed_over,
    emergencies,
    shared_cases,
    templates,
    home,
)
_ANYTHING = re.compile(".*")


def register_all(app: AsyncApp, use: Uses) -> None:
    for part in _PARTS:
        part.register(app, use)
    _acknowledge_the_rest(app)
    unforeseen.register(app, use)


def _acknowledge_the_rest(app: AsyncApp) -> None:
    """Socket Mode does not acknowledge what nobody listens to, and Slack would show an error: a
    link button that was followed, an old button, an event that only the inbox wanted."""

    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    app.event(_ANYTHING)(acknowledge)
    app.action(_ANYTHING)(acknowledge)
    app.shortcut(_ANYTHING)(acknowledge)
    app.view(_ANYTHING)(acknowledge)
    app.view_closed(_ANYTHING)(acknowledge)
    app.command(_ANYTHING)(acknowledge)
