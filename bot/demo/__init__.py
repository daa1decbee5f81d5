"""A clinic to try the bot in: people, a local Slack, a clock that can be moved."""
