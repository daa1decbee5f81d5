"""What runs by itself: what is owed and what is due, through deaths, pauses and lapses."""
