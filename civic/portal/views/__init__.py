"""Views of the public pages, thin: one query, one template."""

from __future__ import annotations

from civic.portal.views import adjustments, feeds, indicators, moving, reports, scores, summaries
from civic.portal.views.public import bp

adjustments.register(bp)
indicators.register(bp)
moving.register(bp)
feeds.register(bp)
reports.register(bp)
scores.register(bp)
summaries.register(bp)

__all__ = ["bp"]
