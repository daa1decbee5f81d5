"""Files: an upload begins, its bytes come, it is completed and shared."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Sequence

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.happenings import FileDeleted, FileShared
from bot.sandbox.state.model import Channel, File
from bot.sandbox.state.workspace import Workspace

LARGEST_FILE_BYTES = 1_000_000_000
LONGEST_ALT_TEXT = 1000


def begin(workspace: Workspace, user: str, name: str, length: int) -> File:
    """A place for a file that is to come."""
    if not name.strip():
        raise SlackRefuses("missing_argument")
    if length <= 0:
        raise SlackRefuses(
            "invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"]
        )
    if length > LARGEST_FILE_BYTES:
        raise SlackRefuses("file_upload_size_restricted")
    file = File(
        id=workspace.next_id("F"),
        name=name.replace("/", "_"),
        title=name,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        user=user,
        created=workspace.seconds(),
        content=b"",
        length=length,
        upload_key=secrets.token_urlsafe(24),
    )
    workspace.state.files[file.id] = file
    return file


def receive(workspace: Workspace, upload_key: str, content: bytes) -> File:
    """The bytes of a file that was begun."""
    for file in workspace.state.files.values():
        if file.upload_key == upload_key and not file.complete:
            file.content = content
            return file
    raise SlackRefuses("invalid_upload_url")


def add(workspace: Workspace, user: str, name: str, content: bytes) -> File:
    """A whole file at once, as a person's client uploads it."""
    file = begin(workspace, user, name, max(1, len(content)))
    file.content = content
    complete(workspace, [file], {})
    return file


def complete(workspace: Workspace, files: Sequence[File], titles: dict[str, str]) -> None:
    for file in files:
        if file.complete:
            raise SlackRefuses("file_already_completed")
        if not file.content:
            raise SlackRefuses("file_not_found")
    for file in files:
        file.complete = True
        file.title = titles.get(file.id) or file.title


def share(workspace: Workspace, channel: Channel, file_ids: Sequence[str], user: str) -> None:
    """Remember where files can be seen, and tell of it."""
    for file_id in file_ids:
        file = workspace.state.files[file_id]
        if channel.id not in file.channels:
            file.channels.append(channel.id)
        workspace.tell(FileShared(channel, file, user, workspace.next_ts()))


def seen_by(workspace: Workspace, user: str, file_id: str) -> File:
    """The file, if this user made it or may see a place where it was shared."""
    file = workspace.state.files.get(file_id)
    if file is None or not file.complete:
        raise SlackRefuses("file_not_found")
    places = (workspace.state.channels.get(at) for at in file.channels)
    if file.user == user or any(at and workspace.may_see(user, at) for at in places):
        return file
    raise SlackRefuses("file_not_found")


def delete(workspace: Workspace, user: str, file: File) -> None:
    if file.user != user:
        raise SlackRefuses("cant_delete_file")
    del workspace.state.files[file.id]
    workspace.tell(FileDeleted(file, workspace.next_ts()))
