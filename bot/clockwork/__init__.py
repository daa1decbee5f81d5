"""What runs by itself: due timers, the inbox, the outbox, and looking for what was missed."""
