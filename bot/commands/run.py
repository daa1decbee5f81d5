"""`careloop run`: the bot, until it is told to stop."""

from bot.app import Careloop
from bot.commands.serving import stop_signal, until_told_to_stop
from bot.logs import configure_logs
from bot.memory import start_begins, start_is_over
from bot.settings import load_and_check


def run() -> None:
    """Run the bot, with the settings of the environment and `.env`."""
    until_told_to_stop(_run())


async def _run() -> None:
    start_begins()
    settings = await load_and_check()
    configure_logs(settings.log_level, settings.log_format)
    async with Careloop.running(settings):
        start_is_over()
        # Until here a signal simply ends the process: nothing is claimed yet.
        await stop_signal().wait()
