"""How Slack and the bot reach each other: Socket Mode, HTTP with its guard, the Web API client."""
