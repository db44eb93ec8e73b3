"""Pages of supervision."""

from civic.supervision.views import assessing, parts, topics, warnings  # noqa: F401 (they hang their pages on the blueprint)
from civic.supervision.views.assessments import public
from civic.supervision.views.summary import bp

__all__ = ["bp", "public"]
