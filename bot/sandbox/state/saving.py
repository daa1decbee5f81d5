"""The state in a file, and back."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import TypeAdapter

from bot.sandbox.state.model import State


def save(state: State, path: Path) -> None:
    """Write the state; a crash in between leaves the file that was there."""
    content = TypeAdapter(State).dump_json(state)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)


def load(path: Path) -> State:
    """Raises ValueError (pydantic's) when the file is no saved workspace."""
    return TypeAdapter(State).validate_json(path.read_bytes())
