"""The client asks Slack once: what may be sent twice is for the outbox to say."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import Fault, FaultKind, InstalledApp, LocalSlack
from bot.settings import Settings
from bot.transport.client import slack_client


@pytest.mark.parametrize(
    ("kind", "posted"),
    [(FaultKind.RESET_AFTER, 1), (FaultKind.RESET_BEFORE, 0), (FaultKind.SERVER_ERROR, 0),
     (FaultKind.RATE_LIMITED, 0)],
)  # fmt: skip
async def test_a_message_that_went_wrong_is_not_sent_again_by_itself(
    slack: LocalSlack,
    installed: InstalledApp,
    settings: Settings,
    kind: FaultKind,
    posted: int,
) -> None:
    ana = slack.add_person(name="ana", real_name="Ana")
    channel = slack.add_channel(name="clinic", members=[ana, installed.bot_user_id])
    async with slack_client(settings) as client:
        await client.auth_test()  # the connection is kept, and may be found dead
        slack.faults.add(Fault(kind, method="chat.postMessage"))
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await client.chat_postMessage(channel=channel, text="Two sessions done")
    texts = [message.text for message in slack.person(ana).messages(channel)]
    assert texts.count("Two sessions done") == posted
    assert len(slack.record.calls_of("chat.postMessage")) == 1
