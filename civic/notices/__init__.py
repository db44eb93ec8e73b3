"""What the outbox delivers to residents: subscriptions by e-mail, confirmed, sent once a day, ended with one tap."""
