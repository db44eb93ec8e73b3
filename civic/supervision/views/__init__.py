"""Pages of supervision."""

from civic.supervision.views import (  # they hang their pages on the blueprint
    assessing,  # noqa: F401
    opinions,  # noqa: F401
    parts,  # noqa: F401
    snapshots,  # noqa: F401
    topics,  # noqa: F401
    warnings,  # noqa: F401
)
from civic.supervision.views.assessments import public
from civic.supervision.views.public_opinions import public_opinions
from civic.supervision.views.summary import bp

__all__ = ["bp", "public", "public_opinions"]
