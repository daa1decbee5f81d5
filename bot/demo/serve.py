"""Serving the demo: the page, the clinic in it, and the bot, until it is told to stop."""

import asyncio
from pathlib import Path
from typing import Final

from rich.console import Console

from bot.clock import SharedClock
from bot.demo.clinic import COVERING, SURGEON, THERAPIST, Clinic, open_clinic
from bot.services.actor import Actor, Surface
from bot.store.master_keys import new_master_key

# Set aside for fiction: nobody answers there.
_TELEPHONE: Final = "+1 212 555 0100"


async def serve_demo(folder: Path, port: int, stop: asyncio.Event, console: Console) -> None:
    """Serve the demo on `port`, with everything that it keeps in `folder`."""
    keys = folder / "keys"
    is_new = not keys.exists()
    if is_new:
        keys.touch(mode=0o600)
        keys.write_text(new_master_key("1"), "utf-8")
    async with open_clinic(
        f"sqlite:///{folder / 'careloop.db'}",
        SharedClock(folder / "clock"),
        port=port,
        state_file=folder / "slack.json",
        keep_saved=True,
        more_settings={
            "CARELOOP_KEYS": keys.read_text("utf-8"),
            "CARELOOP_HOLIDAYS": "US",
        },
    ) as clinic:
        if is_new:
            await enter_telephone(clinic)
        _welcome(clinic, console)
        await stop.wait()


async def enter_telephone(clinic: Clinic) -> None:
    """As the coordinator of a grown clinic has done: a concern that nobody answers names it."""
    if clinic.bot is None:
        raise RuntimeError("the telephone is entered in a running bot")
    coordinator = Actor(clinic.bot.workspace.team_id, clinic.coordinator.user_id, Surface.COMMAND)
    await clinic.bot.ladders.set_telephone(coordinator, _TELEPHONE)


def _welcome(clinic: Clinic, console: Console) -> None:
    surgeon, therapist = clinic.somebody(SURGEON), clinic.somebody(THERAPIST)
    both = f"{clinic.slack.url}/?as={surgeon.user_id}&beside={therapist.user_id}"
    console.print("\n[bold]Careloop is running in a local Slack.[/bold] Open this in a browser:\n")
    console.print(f"  {both}\n", soft_wrap=True, highlight=False)
    console.print(f"On the left you are {surgeon.name}, on the right {therapist.name}. Try:")
    console.print("  1. as the surgeon, type /refer, fill the form in and choose Sam Lee")
    console.print("  2. as the therapist, accept in the new channel, then reply in the thread")
    console.print("  3. reply with  concern: left calf hot and swollen")
    console.print(
        f"  4. move the clock at the top, and become {clinic.somebody(COVERING).name}: "
        "the concern has climbed"
    )
    console.print("  5. let days pass: what is overdue is in the morning's digest, from Careloop")
    console.print("\nCtrl+C ends it.\n")
