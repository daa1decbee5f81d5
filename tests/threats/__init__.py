"""Attacks, each tried for real through the local Slack's two surfaces."""
