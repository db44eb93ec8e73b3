"""Departments, streets, communities, calendars, service levels, and the district's own settings."""

from __future__ import annotations
