"""The rules of care: plain functions over plain data. No Slack, no SQL, no clock of their own."""
