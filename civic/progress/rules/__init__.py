"""The law of progress. Pure: decimals in, verdicts out."""
