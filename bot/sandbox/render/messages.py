"""Messages, and the bots that write them."""

from __future__ import annotations

from bot.sandbox.render.files import file
from bot.sandbox.state.model import App, Message
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, listed

MOST_REPLY_USERS = 5


def bot_profile(workspace: Workspace, app: App) -> JsonObject:
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {
            size: f"https://avatars.example/{app.id}-{size}.png"
            for size in ("image_36", "image_48", "image_72")
        },
        "deleted": not app.installed,
        "updated": workspace.user(app.bot_user_id).updated,
        "team_id": workspace.team.id,
    }


def message(  # each field is there only when it means something
    workspace: Workspace, shown: Message, *, metadata: bool = False, thread: bool = True
) -> JsonObject:
    """The message object; `thread` adds what a root knows of its replies."""
    answer: JsonObject = {}
    if shown.subtype:
        answer["subtype"] = shown.subtype
    if shown.subtype != "bot_message":
        answer["user"] = shown.user
    answer |= {"type": "message", "ts": shown.ts}
    if shown.client_msg_id:
        answer["client_msg_id"] = shown.client_msg_id
    if shown.bot_id:
        answer |= {"bot_id": shown.bot_id, "app_id": shown.app_id}
    if shown.username:
        answer["username"] = shown.username
    if shown.icons:
        answer["icons"] = shown.icons
    answer["text"] = shown.text
    author = workspace.state.users.get(shown.user)
    answer["team"] = author.team_id if author else workspace.team.id
    if author is not None and author.is_foreign:
        answer |= {"user_team": author.team_id, "source_team": author.team_id}
    app = workspace.state.apps.get(shown.app_id)
    if app is not None:
        answer["bot_profile"] = bot_profile(workspace, app)
    if shown.blocks:
        answer["blocks"] = [*shown.blocks]
    if shown.attachments:
        answer["attachments"] = [*shown.attachments]
    if shown.files:
        answer["files"] = [
            file(workspace, workspace.state.files[file_id])
            for file_id in shown.files
            if file_id in workspace.state.files
        ]
        answer["upload"] = False
        answer["display_as_bot"] = False
    if shown.edited_ts:
        answer["edited"] = {"user": shown.edited_by, "ts": shown.edited_ts}
    if shown.reactions:
        answer["reactions"] = [
            {"name": name, "users": listed(users), "count": len(users)}
            for name, users in shown.reactions.items()
        ]
    if shown.pinned_by:
        answer["pinned_to"] = [shown.channel]
        answer["pinned_info"] = {"channel": shown.channel, "pinned_by": shown.pinned_by}
    if metadata and shown.metadata is not None:
        answer["metadata"] = shown.metadata
    if shown.ephemeral_to:
        answer["is_ephemeral"] = True
    answer |= shown.extra
    if shown.thread_ts and thread:
        answer |= _thread(workspace, shown)
    elif shown.thread_ts:
        answer["thread_ts"] = shown.thread_ts
    return answer


def _thread(workspace: Workspace, shown: Message) -> JsonObject:
    home = workspace.state.channels.get(shown.channel)
    answer: JsonObject = {"thread_ts": shown.thread_ts}
    if home is None:
        return answer
    root = home.messages.get(shown.thread_ts)
    if shown.is_reply:
        if root is not None:
            answer["parent_user_id"] = root.user
            if shown.broadcast:
                answer["root"] = message(workspace, root)
        return answer
    replies = home.threads.get(shown.ts, [])
    if not replies:
        return answer
    repliers: dict[str, None] = {}
    for ts in replies[:200]:
        repliers[home.messages[ts].user] = None
    return answer | {
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "latest_reply": replies[-1],
        "reply_users": listed(list(repliers)[:MOST_REPLY_USERS]),
        "is_locked": False,
        "subscribed": False,
    }
