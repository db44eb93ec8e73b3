"""What README states about speed, measured: ``make bench``. Absolute times depend on the machine, ratios do not."""
