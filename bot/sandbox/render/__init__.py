"""From state to the JSON that Slack's answers and events carry."""

from bot.sandbox.render.channels import channel
from bot.sandbox.render.files import file
from bot.sandbox.render.messages import bot_profile, message
from bot.sandbox.render.people import dnd, profile, team, user, usergroup
from bot.sandbox.render.views import view

__all__ = [
    "bot_profile",
    "channel",
    "dnd",
    "file",
    "message",
    "profile",
    "team",
    "user",
    "usergroup",
    "view",
]
