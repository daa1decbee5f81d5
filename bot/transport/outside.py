"""Channels outside Slack: e-mail, SMS, a pager, by Apprise's addresses. For calls without patients.

Apprise is imported only where channels are set up: it takes most of a second. Its senders block,
so they run in threads of their own, with a limit on their time.
"""

import asyncio
import logging
import re
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

if TYPE_CHECKING:
    from apprise import Apprise

_NAMED: Final = re.compile(r"(?P<name>[a-z][a-z0-9-]{0,29})=(?P<url>\S+)")
# Shorter than a lease of the outbox.
LONGEST_SECONDS: Final = 20.0
_THREADS: Final = 4


class OutsideInvalid(ValueError):
    """The setting can't be used. Says why, and never with an address in it."""


class OutsideChannels:
    """Channels by name. Their addresses hold passwords, so nothing here shows them."""

    def __init__(self, channels: "Mapping[str, Apprise]") -> None:
        self._channels = dict(channels)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="outside")

    @classmethod
    def of(cls, setting: SecretStr) -> "OutsideChannels":
        """`name=address` pairs with white space between them. Raises `OutsideInvalid`."""
        pairs = setting.get_secret_value().split()
        found: dict[str, Apprise] = {}
        for number, pair in enumerate(pairs, start=1):
            named = _NAMED.fullmatch(pair)
            if named is None:
                raise OutsideInvalid(
                    f"number {number} must be name=address, the name in small letters, digits and "
                    "dashes"
                )
            if named["name"] in found:
                raise OutsideInvalid(f"the name {named['name']} is there twice")
            found[named["name"]] = _apprise(named["name"], named["url"])
        return cls(found)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._channels)

    async def send(self, name: str, title: str, body: str) -> bool:
        """Whether the channel took it; False also for one that is not set up, or takes too long."""
        channel = self._channels.get(name)
        if channel is None:
            return False
        sending = asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: bool(channel.notify(title=title, body=body))
        )
        try:
            return await asyncio.wait_for(asyncio.shield(sending), LONGEST_SECONDS)
        except TimeoutError:
            return False

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _apprise(name: str, url: str) -> "Apprise":
    # What it logs may hold addresses, and what matters is told by what it gives.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():  # about modules that it does without where they are gone
        warnings.simplefilter("ignore", DeprecationWarning)
        from apprise import Apprise  # noqa: PLC0415 - only where channels are set up

        channel = Apprise()
        is_known = channel.add(url)
    if not is_known:
        raise OutsideInvalid(
            f"the address of {name} is none that Apprise knows; see docs/concerns.md"
        )
    return channel
