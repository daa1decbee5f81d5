"""Text as it was typed: Slack escapes three characters on the way to an app.

https://docs.slack.dev/messaging/formatting-message-text#escaping
"""


def as_typed(text: str) -> str:
    """`text` with Slack's escapes undone, in the order that undoes each once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
