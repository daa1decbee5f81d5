"""The questions that services ask of the store, by what they are about."""
