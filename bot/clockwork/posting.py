"""Calling Slack to send something, and telling apart what may have happened."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse


class CertainlyNotSent(Exception):
    """Slack did not take it. Try again after `wait`."""

    def __init__(self, error: str, wait: timedelta | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.wait = wait


class NotInstalled(CertainlyNotSent):
    """Slack does not take the token, or it lacks a scope: an operator has to mend it.

    `needed` are the scopes that Slack asks for, if it names any.
    """

    def __init__(self, error: str, wait: timedelta | None = None, needed: str = "") -> None:
        super().__init__(error, wait)
        self.needed = needed


class PerhapsSent(Exception):
    """The call broke off after it may have reached Slack."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class RefusedBySlack(Exception):
    """Slack refuses it, and would again. `error` is Slack's code."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


# Slack's codes for its own trouble: the deed may have been done.
_SLACKS_TROUBLE: Final = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
# Codes that speak of the installation, not of this message: an operator mends it, and it goes on.
_INSTALLATION: Final = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "missing_scope",
    "org_login_required",
    "ekm_access_denied",
}
_UNTIL_MENDED: Final = timedelta(seconds=30)
_TOO_MANY: Final = 429
_SERVERS_TROUBLE: Final = 500


async def call(request: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Await a call of slack_sdk.

    Raises `CertainlyNotSent`, `PerhapsSent` or `RefusedBySlack`, and nothing else of the network's.
    """
    try:
        return await request
    except SlackApiError as error:
        raise _verdict(error) from None
    except aiohttp.ClientConnectorError:
        raise CertainlyNotSent("unreachable") from None
    except TimeoutError:
        raise PerhapsSent("timeout") from None
    except aiohttp.ClientError as error:
        raise PerhapsSent(type(error).__name__) from None


def _verdict(error: SlackApiError) -> Exception:
    response = error.response
    status = getattr(response, "status_code", 0)
    code = str(response.get("error", "")) if response.get("ok") is False else ""
    if status == _TOO_MANY or code == "ratelimited":
        headers = {name.lower(): value for name, value in response.headers.items()}
        return CertainlyNotSent("ratelimited", timedelta(seconds=_seconds(headers)))
    if status >= _SERVERS_TROUBLE or not code or code in _SLACKS_TROUBLE:
        return PerhapsSent(code or f"status_{status}")
    if code in _INSTALLATION:
        return NotInstalled(code, _UNTIL_MENDED, str(response.get("needed") or ""))
    return RefusedBySlack(code)


def _seconds(headers: dict[str, str]) -> int:
    wait = headers.get("retry-after", "1")
    return max(1, int(wait)) if wait.isdigit() else 1
