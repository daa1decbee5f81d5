"""Where master keys come from: the environment, a file, or a command.

A file and a command are read anew whenever a key is met that is not known yet, so a running bot
takes up new keys; an environment stays as it was when the process began. Nothing of what was read
is ever in an error.
"""

import os
import shlex
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.store.master_keys import KeysInvalid, MasterKeys

# A key service answers at once or not at all; a bot must not hang for it.
_COMMAND_SECONDS: Final = 10
_MOST_BYTES: Final = 100_000

KeySource = Callable[[], MasterKeys]


def keys_in_file(path: Path) -> MasterKeys:
    """The keys that stand in `path`, which only its owner may read. Raises `KeysInvalid`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise KeysInvalid([f"the key file cannot be read: {error.strerror}"]) from None
    found = os.fstat(descriptor)  # of what was opened, not of what the path says by now
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise KeysInvalid(["the key file is no plain file"])
    with os.fdopen(descriptor, "rb") as file:
        if found.st_mode & 0o077:
            raise KeysInvalid(
                ["others than its owner may open the key file; run `chmod 600` on it"]
            )
        return _parsed(file.read(_MOST_BYTES), "the key file")


def keys_of_command(command: str) -> MasterKeys:
    """The keys that `command` prints, run without a shell. Raises `KeysInvalid`."""
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603 - the operator's own setting, and no shell
            words,
            capture_output=True,
            timeout=_COMMAND_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, IndexError):
        raise KeysInvalid(["the key command cannot be run"]) from None
    except subprocess.TimeoutExpired:
        raise KeysInvalid(
            [f"the key command gave no answer in {_COMMAND_SECONDS} seconds"]
        ) from None
    if done.returncode:
        raise KeysInvalid([f"the key command ended with status {done.returncode}"])
    return _parsed(done.stdout[:_MOST_BYTES], "the key command")


def _parsed(raw: bytes, where: str) -> MasterKeys:
    try:
        return MasterKeys.parse(raw.decode("ascii"))
    except UnicodeDecodeError:
        raise KeysInvalid([f"{where} gives something else than keys"]) from None


def add_to_file(path: Path, entry: str) -> None:
    """Put one more key at the end of the file, as the current one: all of it is there afterwards,
    or nothing is. Its owner stays who it was, and a link to it stays a link.

    Raises `KeysInvalid` when the file can't be used or has a key of that name.
    """
    path = path.resolve()
    try:
        known = path.read_text("ascii").strip() if path.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise KeysInvalid(["the key file cannot be read"]) from None
    if known:
        keys_in_file(path)
    # A mark (`*1:...`) would keep an old key the current one. No base64 has that sign in it.
    whole = f"{known.replace('*', '')}\n{entry}\n".lstrip()
    MasterKeys.parse(whole)
    try:
        _replace(path, whole)
    except OSError as error:
        raise KeysInvalid(
            [
                f"the key file cannot be written: {error.strerror}; put a new key (`careloop keys "
                "new`) at its end yourself, then use --there-already"
            ]
        ) from None


def _replace(path: Path, whole: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        if path.exists():
            before = path.stat()
            os.fchown(descriptor, before.st_uid, before.st_gid)
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
