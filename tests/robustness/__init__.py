"""What must hold when processes die, Slack misbehaves, or the store is in trouble."""
