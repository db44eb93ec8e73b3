"""Probes."""

from tests.access.matrix import everyone

LINES = [
    everyone("health.healthz"),
    everyone("health.readyz"),
    everyone("health.metrics"),
]
