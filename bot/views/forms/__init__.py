"""Forms: modals with inputs, each able to read back what was filled in."""
