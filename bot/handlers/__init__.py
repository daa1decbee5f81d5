"""From Slack: who acts, what they ask for, which deed, which answer. No rules and no SQL."""
