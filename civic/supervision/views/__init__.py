"""Pages of supervision."""

from civic.supervision.views.summary import bp

__all__ = ["bp"]
