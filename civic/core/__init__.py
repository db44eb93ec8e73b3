"""What every feature stands on: settings, database, actor, clock, events, outbox, codes, pure text and days."""
