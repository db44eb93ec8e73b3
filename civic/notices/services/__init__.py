"""Writes of what is sent: subscriptions, and what residents are told of their own cases. Callers commit."""
