"""The use cases: one function a deed, one transaction each. No block and no Slack method here."""
