"""Where checkpoints of the audit are kept: a file, a folder, or whoever listens at an address.

A folder gets a new file each time and nothing in it is ever changed, so it can be a bucket that is
mounted (with its versioning or object lock on). Buckets are not spoken to directly: that would
take each cloud's own client. An address gets a POST of one JSON object.
"""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp

_SECONDS: Final = 20
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_PATTERN: Final = "careloop-audit-*.json"


class PlaceInvalid(ValueError):
    """The setting names no place that can be used. Never has an address in it."""


class NotKept(Exception):
    """A place did not take a checkpoint. `reason` is for people and names no secret."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")


@dataclass(frozen=True)
class FilePlace:
    """A file that gets a line each time."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    async def keep(self, line: str, name: str) -> None:
        del name
        await asyncio.to_thread(_write, self.path, f"{line}\n", os.O_APPEND)

    def lines(self) -> list[str]:
        """What was kept. Raises OSError."""
        return self.path.read_text("utf-8").splitlines()


@dataclass(frozen=True)
class FolderPlace:
    """A folder that gets a file each time."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path}/"

    async def keep(self, line: str, name: str) -> None:
        file = self.path / f"careloop-audit-{name}.json"
        await asyncio.to_thread(_write, file, f"{line}\n", os.O_EXCL)

    def lines(self) -> list[str]:
        """What was kept. Raises OSError."""
        if not self.path.is_dir():
            raise NotADirectoryError(20, "there is no such folder")
        files = sorted(self.path.glob(_PATTERN))
        return [line for file in files for line in file.read_text("utf-8").splitlines()]


@dataclass(frozen=True)
class WebPlace:
    """Whoever listens at an address; what is in it may be secret, so it is shown nowhere."""

    url: str

    def __str__(self) -> str:
        return f"{urlsplit(self.url).scheme}://{urlsplit(self.url).hostname}"

    async def keep(self, line: str, name: str) -> None:
        del name
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        headers = {"Content-Type": "application/json"}
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(
                    self.url, data=line.encode(), headers=headers, allow_redirects=False
                ) as answer,
            ):
                if not 200 <= answer.status < 300:
                    raise NotKept(str(self), f"it answered {answer.status}")
        except (aiohttp.ClientError, TimeoutError):
            raise NotKept(str(self), "it can't be reached") from None


Place = FilePlace | FolderPlace | WebPlace


def read_places(setting: str) -> tuple[Place, ...]:
    """Places with white space between them. Raises `PlaceInvalid`."""
    return tuple(_read(one, number) for number, one in enumerate(setting.split(), start=1))


def kept_at(path: Path) -> FilePlace | FolderPlace:
    """A file or a folder of checkpoints to be read."""
    return FolderPlace(path) if path.is_dir() else FilePlace(path)


async def keep_everywhere(places: Iterable[Place], line: str, name: str) -> list[NotKept]:
    """Give a checkpoint to every place; those that did not take it."""
    return [failed for failed in [await _try(place, line, name) for place in places] if failed]


async def _try(place: Place, line: str, name: str) -> NotKept | None:
    try:
        await place.keep(line, name)
    except NotKept as error:
        return error
    except OSError as error:
        return NotKept(str(place), error.strerror or type(error).__name__)
    return None


def _read(text: str, number: int) -> Place:
    parts = urlsplit(text)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        if not parts.hostname:
            raise PlaceInvalid(f"number {number} is no address")
        return WebPlace(text)
    if parts.scheme == "http":
        raise PlaceInvalid(f"number {number} must begin with https://")
    if "://" in text:
        raise PlaceInvalid(
            f"number {number} is of a kind that is not spoken; mount the bucket and name the "
            "folder (/mnt/bucket/audit/), or name an https:// address"
        )
    path = Path(text)
    if not path.is_absolute():
        raise PlaceInvalid(f"number {number} must be a whole path, beginning with /")
    return FolderPlace(path) if text.endswith("/") else FilePlace(path)


def _write(path: Path, text: str, how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
