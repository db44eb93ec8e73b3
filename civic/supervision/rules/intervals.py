"""How sure a share is: its 95 % interval by Wilson's formula, so that chance is told from change. Pure."""

from __future__ import annotations

from math import sqrt

Z = 1.959964
"""Standard deviations that hold 95 % of a normal distribution."""


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Between which shares the true one lies; from 0 to 1 where nothing was counted."""
    if whole <= 0:
        return 0.0, 1.0
    share, spread = part / whole, Z * Z / whole
    middle = share + spread / 2
    reach = Z * sqrt(share * (1 - share) / whole + spread / (4 * whole))
    return max(0.0, (middle - reach) / (1 + spread)), min(1.0, (middle + reach) / (1 + spread))
