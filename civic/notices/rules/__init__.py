"""The law of what is sent: subscriptions, what a resident is told of the own case, how long a text message is. Pure."""
