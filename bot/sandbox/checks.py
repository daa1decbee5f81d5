"""Block Kit's rules, asked at each door through which blocks come in."""

from __future__ import annotations

from bot.sandbox.blockkit import Problem, check_message, check_view
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.wire import JsonObject, JsonValue, listed


def refuse_bad_message(
    blocks: JsonValue, text: JsonValue, attachments: JsonValue = None, metadata: JsonValue = None
) -> None:
    _refuse(check_message(blocks, text, attachments=attachments, metadata=metadata))


def refuse_bad_view(view: JsonValue) -> None:
    _refuse(check_view(view))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        code = problems[0].code
        told = [problem for problem in problems if problem.code == code]
        # Slack lists the lines of invalid blocks twice, under `errors` without their level.
        errors = [problem.detail for problem in told] if code == "invalid_blocks" else []
        extra: JsonObject = {"errors": listed(errors)} if errors else {}
        raise SlackRefuses(code, [problem.message for problem in told], extra=extra)
