"""What Slack refuses in a message: chat.postMessage, postEphemeral, update, scheduleMessage.

https://docs.slack.dev/reference/methods/chat.postMessage
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from bot.sandbox.blockkit.blocks import check_blocks
from bot.sandbox.blockkit.findings import Problem, Spot, Surface
from bot.sandbox.blockkit.sizes import json_size, text_size

MOST_BLOCKS = 50
MOST_ATTACHMENTS = 100
LONGEST_TEXT = 40_000
# Slack names no figure; its engineers say "12,000 text characters with a buffer for block
# containers" (slackapi/bolt-js issue 2509). Without the buffer, so that nothing passes here that
# might not pass there.
LONGEST_BLOCKS_TEXT = 12_000
LONGEST_TABLES_TEXT = 10_000
LARGEST_METADATA = 8_192


def check_message(
    blocks: JsonValue,
    text: JsonValue,
    attachments: JsonValue = None,
    metadata: JsonValue = None,
) -> list[Problem]:
    """Every reason why Slack would refuse this message, the one it names in `error` first.

    All four are as they came over the wire, parsed from JSON; None where the call had none.
    """
    return [
        *_text(text),
        *_blocks(blocks),
        *_attachments(attachments),
        *_something_to_say(blocks, text, attachments),
        *_metadata(metadata),
    ]


def _text(text: JsonValue) -> Iterator[Problem]:
    if text is None:
        return
    if not isinstance(text, str):
        yield Problem("invalid_arguments", "[ERROR] must provide a string [json-pointer:/text]")
    elif len(text) > LONGEST_TEXT:
        yield Problem(
            "msg_too_long",
            f"[ERROR] must be less than {LONGEST_TEXT + 1} characters [json-pointer:/text]",
        )


def _blocks(blocks: JsonValue) -> Iterator[Problem]:
    if blocks is None:
        return
    at = Spot("/blocks", Surface.MESSAGE)
    if not isinstance(blocks, list):
        yield Problem(
            "invalid_blocks_format", "[ERROR] must provide an array [json-pointer:/blocks]"
        )
        return
    for finding in check_blocks(blocks, at, MOST_BLOCKS):
        yield finding.as_problem("invalid_blocks")
    yield from _tables(blocks)
    if text_size(blocks) > LONGEST_BLOCKS_TEXT:
        yield Problem(
            "msg_blocks_too_long",
            f"[ERROR] must be less than {LONGEST_BLOCKS_TEXT + 1} characters in all "
            "[json-pointer:/blocks]",
        )


def _tables(blocks: list[JsonValue]) -> Iterator[Problem]:
    """One table a message, of 10,000 characters at most."""
    tables = [
        (index, block)
        for index, block in enumerate(blocks)
        if isinstance(block, dict) and block.get("type") == "table"
    ]
    for index, _ in tables[1:]:
        yield Problem(
            "invalid_attachments",
            f"[ERROR] only_one_table_allowed [json-pointer:/blocks/{index}]",
        )
    for index, table in tables[:1]:
        if text_size(table.get("rows")) > LONGEST_TABLES_TEXT:
            yield Problem(
                "invalid_blocks",
                f"[ERROR] must be less than {LONGEST_TABLES_TEXT + 1} characters in all "
                f"[json-pointer:/blocks/{index}/rows]",
            )


def _attachments(attachments: JsonValue) -> Iterator[Problem]:
    if attachments is None:
        return
    if not isinstance(attachments, list):
        yield Problem(
            "invalid_attachments", "[ERROR] must provide an array [json-pointer:/attachments]"
        )
        return
    if len(attachments) > MOST_ATTACHMENTS:
        yield Problem(
            "too_many_attachments",
            f"[ERROR] no more than {MOST_ATTACHMENTS} items allowed [json-pointer:/attachments]",
        )
    for index, attachment in enumerate(attachments):
        yield from _attachment(attachment, Spot(f"/attachments/{index}", Surface.MESSAGE))


def _attachment(attachment: JsonValue, at: Spot) -> Iterator[Problem]:
    code = "invalid_attachments"
    if not isinstance(attachment, dict):
        yield Problem(code, f"[ERROR] must provide an object [json-pointer:{at.pointer}]")
        return
    blocks = attachment.get("blocks")
    here = at.into("blocks")
    if isinstance(blocks, list):
        for finding in check_blocks(blocks, here, MOST_BLOCKS):
            yield finding.as_problem(code)
    elif blocks is not None:
        yield Problem(code, f"[ERROR] must provide an array [json-pointer:{here.pointer}]")


def _something_to_say(
    blocks: JsonValue, text: JsonValue, attachments: JsonValue
) -> Iterator[Problem]:
    said = isinstance(text, str) and text.strip()
    if not (said or blocks or attachments):
        yield Problem("no_text", "[ERROR] missing required field: text")


def _metadata(metadata: JsonValue) -> Iterator[Problem]:
    """https://docs.slack.dev/messaging/message-metadata"""
    if metadata is None:
        return
    at = "[json-pointer:/metadata"
    if not isinstance(metadata, dict):
        yield Problem("invalid_metadata_format", f"[ERROR] must provide an object {at}]")
        return
    event_type, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event_type, str) or not event_type:
        yield Problem(
            "invalid_metadata_schema", f"[ERROR] missing required field: event_type {at}]"
        )
    if not isinstance(payload, dict):
        yield Problem(
            "invalid_metadata_schema", f"[ERROR] missing required field: event_payload {at}]"
        )
    elif json_size(payload, LARGEST_METADATA + 1) > LARGEST_METADATA:
        yield Problem(
            "metadata_too_large",
            f"[ERROR] must be less than {LARGEST_METADATA + 1} bytes {at}/event_payload]",
        )
