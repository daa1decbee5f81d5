"""All that somebody's Home tab shows, put together: however it is drawn, it is the same."""

from dataclasses import replace

from slack_sdk.models.views import View

from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.views.home import draw_home, draw_home_for_strangers


async def home_view(use: Uses, actor: Actor) -> View:
    """The Home tab of `actor` as things stand; of somebody who is not registered, what to do."""
    home = await use.reading.home(actor)
    if home is None:
        return draw_home_for_strangers()
    known = await use.directory.at_home(actor)
    if known is not None:
        entry, to_verify = known
        home = replace(home, entry=entry, to_verify=to_verify)
    return draw_home(replace(home, emergencies=await use.emergencies.at_home(actor)))
