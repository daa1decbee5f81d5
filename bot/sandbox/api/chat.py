"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from bot.sandbox import render
from bot.sandbox.api.method import Arguments, Call, Json, Method, Text, Tier
from bot.sandbox.checks import refuse_bad_message
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import channels, messages
from bot.sandbox.state.blocks import finish_blocks
from bot.sandbox.state.happenings import MessageScheduled
from bot.sandbox.state.model import Channel, Message, ScheduledMessage
from bot.sandbox.wire import JsonObject, JsonValue

FURTHEST_SECONDS = 120 * 24 * 3600
MOST_SCHEDULED_IN_FIVE_MINUTES = 30


class Content(Arguments):
    text: Text | None = None
    blocks: Json = None
    attachments: Json = None
    metadata: Json = None


class PostMessage(Content):
    channel: str
    thread_ts: Text = ""
    reply_broadcast: bool = False
    username: str = ""
    icon_emoji: str = ""
    icon_url: str = ""
    mrkdwn: bool = True
    unfurl_links: bool = False
    unfurl_media: bool = True
    parse: str = ""
    link_names: bool = False


class PostEphemeral(Content):
    channel: str
    user: str
    thread_ts: Text = ""


class Update(Content):
    channel: str
    ts: Text


class Place(Arguments):
    channel: str
    ts: Text


class Permalink(Arguments):
    channel: str
    message_ts: Text


class Schedule(PostMessage):
    post_at: int


class ListScheduled(Arguments):
    channel: str = ""
    limit: int = 100
    cursor: str = ""


class Unschedule(Arguments):
    channel: str
    scheduled_message_id: str


def check_content(content: Content) -> None:
    """Slack's limits for what a message holds."""
    metadata = None if content.metadata == {} else content.metadata
    refuse_bad_message(content.blocks, content.text, content.attachments, metadata)


def draft_of(call: Call, content: Content) -> messages.Draft:
    return messages.Draft(
        user=call.bot,
        text=content.text or "",
        blocks=finish_blocks(content.blocks),
        attachments=_attachments(content.attachments),
        metadata=_object(content.metadata),
        bot_id=call.app.bot_id,
        app_id=call.app.id,
    )


def _attachments(attachments: JsonValue) -> list[JsonObject]:
    done: list[JsonObject] = []
    given = attachments if isinstance(attachments, list) else []
    for number, attachment in enumerate(given, start=1):
        if not isinstance(attachment, dict):
            continue
        whole: JsonObject = {"id": number, "fallback": "[no preview available]", **attachment}
        if "blocks" in attachment:
            whole["blocks"] = [*finish_blocks(attachment["blocks"])]
        done.append(whole)
    return done


def _object(value: JsonValue) -> JsonObject | None:
    return value if isinstance(value, dict) and value else None


def place_to_post(call: Call, channel_id: str) -> Channel:
    """Where a post goes: a channel the bot is in, or a person's direct messages."""
    if channel_id.startswith(("U", "W")) and channel_id in call.workspace.state.users:
        person = call.workspace.user(channel_id)
        if person.deleted:
            raise SlackRefuses("channel_not_found")
        if person.is_bot:
            raise SlackRefuses("cannot_dm_bot")
        if not call.app.messages_tab:
            raise SlackRefuses("messages_tab_disabled")
        return channels.open_direct(call.workspace, call.bot, [channel_id])[0]
    if channel_id.startswith("#"):
        channel_id = _by_name(call, channel_id[1:])
    channel = call.channel(channel_id)
    if channel.archived:
        raise SlackRefuses("is_archived")
    if call.bot not in channel.members and "chat:write.public" not in call.app.scopes:
        raise SlackRefuses("not_in_channel")
    return channel


def _by_name(call: Call, name: str) -> str:
    for channel in call.workspace.state.channels.values():
        if channel.name == name and call.workspace.may_see(call.bot, channel):
            return channel.id
    raise SlackRefuses("channel_not_found")


def post_message(call: Call, args: PostMessage) -> JsonObject:
    channel = place_to_post(call, args.channel)
    check_content(args)
    if args.username or args.icon_emoji or args.icon_url:
        call.require("chat:write.customize")
    draft = draft_of(call, args)
    if args.thread_ts and args.thread_ts not in channel.messages:
        raise SlackRefuses("thread_not_found")
    draft.thread_ts = args.thread_ts
    draft.broadcast = args.reply_broadcast
    if args.username or args.icon_emoji or args.icon_url:
        draft.username = args.username
        draft.subtype = "bot_message"
        if args.icon_emoji:
            draft.icons = {"emoji": args.icon_emoji}
        elif args.icon_url:
            draft.icons = {"image_64": args.icon_url}
    message = messages.post(call.workspace, channel, draft)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": render.message(call.workspace, message, metadata=True),
    }


def post_ephemeral(call: Call, args: PostEphemeral) -> JsonObject:
    channel = place_to_post(call, args.channel)
    if args.user not in call.workspace.state.users:
        raise SlackRefuses("user_not_found")
    if args.user not in channel.members:
        raise SlackRefuses("user_not_in_channel")
    check_content(args)
    draft = draft_of(call, args)
    draft.thread_ts = args.thread_ts
    message = messages.show_ephemeral(call.workspace, channel, draft, args.user)
    return {"message_ts": message.ts}


def _own(call: Call, channel: Channel, ts: str, refusal: str) -> Message:
    message = messages.find(channel, ts)
    if message.bot_id != call.app.bot_id:
        raise SlackRefuses(refusal)
    return message


def update(call: Call, args: Update) -> JsonObject:
    channel = call.channel(args.channel)
    message = _own(call, channel, args.ts, "cant_update_message")
    if args.text is None and args.blocks is None and args.attachments is None:
        raise SlackRefuses("no_text")
    check_content(args)
    change = messages.Edit(
        text=args.text,
        blocks=None if args.blocks is None else finish_blocks(args.blocks),
        attachments=None if args.attachments is None else _attachments(args.attachments),
        metadata=args.metadata if isinstance(args.metadata, dict) else None,
    )
    messages.edit(call.workspace, channel, message, call.bot, change)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": render.message(call.workspace, message, metadata=True),
    }


def delete(call: Call, args: Place) -> JsonObject:
    channel = call.channel(args.channel)
    message = _own(call, channel, args.ts, "cant_delete_message")
    messages.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": args.ts}


def get_permalink(call: Call, args: Permalink) -> JsonObject:
    channel = call.channel(args.channel)
    message = messages.find(channel, args.message_ts)
    link = f"{call.workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"permalink": link, "channel": channel.id}


def schedule_message(call: Call, args: Schedule) -> JsonObject:
    channel = place_to_post(call, args.channel)
    check_content(args)
    now = call.workspace.seconds()
    if args.post_at <= now:
        raise SlackRefuses("time_in_past")
    if args.post_at > now + FURTHEST_SECONDS:
        raise SlackRefuses("time_too_far")
    near = [
        item
        for item in call.workspace.state.scheduled.values()
        if item.channel == channel.id and abs(item.post_at - args.post_at) < 300
    ]
    if len(near) >= MOST_SCHEDULED_IN_FIVE_MINUTES:
        raise SlackRefuses("restricted_too_many")
    scheduled = ScheduledMessage(
        id=call.workspace.next_id("Q"),
        app_id=call.app.id,
        channel=channel.id,
        post_at=args.post_at,
        text=args.text or "",
        arguments=args.model_dump(mode="json", exclude={"post_at"}),
        created=now,
    )
    call.workspace.state.scheduled[scheduled.id] = scheduled
    call.workspace.tell(MessageScheduled(scheduled.post_at))
    shown = render.message(
        call.workspace,
        Message("", channel.id, call.bot, args.text or "", "", call.app.bot_id, call.app.id),
    )
    del shown["ts"]
    return {
        "channel": channel.id,
        "scheduled_message_id": scheduled.id,
        "post_at": scheduled.post_at,
        "message": {**shown, "type": "delayed_message"},
    }


def list_scheduled(call: Call, args: ListScheduled) -> JsonObject:
    own = [
        item
        for item in call.workspace.state.scheduled.values()
        if item.app_id == call.app.id and args.channel in {"", item.channel}
    ]
    return {
        "scheduled_messages": [
            {
                "id": item.id,
                "channel_id": item.channel,
                "post_at": item.post_at,
                "date_created": item.created,
                "text": item.text,
            }
            for item in sorted(own, key=lambda item: item.post_at)
        ],
        "response_metadata": {"next_cursor": ""},
    }


def delete_scheduled(call: Call, args: Unschedule) -> JsonObject:
    item = call.workspace.state.scheduled.get(args.scheduled_message_id)
    if item is None or item.app_id != call.app.id or item.channel != args.channel:
        raise SlackRefuses("invalid_scheduled_message_id")
    del call.workspace.state.scheduled[item.id]
    return {}


def post_scheduled(call: Call, item: ScheduledMessage) -> None:
    """Post what has come due; what can't be posted any more is dropped, as Slack drops it."""
    call.workspace.state.scheduled.pop(item.id, None)
    try:
        post_message(call, PostMessage.model_validate({**item.arguments, "channel": item.channel}))
    except SlackRefuses:
        return


_WRITE = ("chat:write",)
METHODS = (
    Method("chat.postMessage", PostMessage, post_message, _WRITE, Tier.POSTING),
    Method("chat.postEphemeral", PostEphemeral, post_ephemeral, _WRITE, Tier.FOUR),
    Method("chat.update", Update, update, _WRITE),
    Method("chat.delete", Place, delete, _WRITE),
    Method("chat.getPermalink", Permalink, get_permalink, (), Tier.UNLIMITED),
    Method("chat.scheduleMessage", Schedule, schedule_message, _WRITE),
    Method("chat.scheduledMessages.list", ListScheduled, list_scheduled),
    Method("chat.deleteScheduledMessage", Unschedule, delete_scheduled, _WRITE),
)
