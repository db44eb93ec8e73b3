"""Views of the public pages, thin: one query, one template."""

from __future__ import annotations

from civic.portal.views import indicators, moving, reports
from civic.portal.views.public import bp

indicators.register(bp)
moving.register(bp)
reports.register(bp)

__all__ = ["bp"]
