"""By which rule a case is declined. A decline without a rule behind it can't be argued with.

All are rules of the platform itself: what is not its matter, and where that matter belongs. The last
word is the resident's all the same: who objects in time gets an answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from civic.cases.rules.vocabulary import DeclineCode
from civic.core.errors import N_

DECLINE_RULES: Mapping[DeclineCode, str] = {
    DeclineCode.NOT_THIS_LEVEL: N_(
        "Rule 1 of this platform: it is for what this district and its departments can decide. What belongs to "
        "another level of government is declined, and that level is named."
    ),
    DeclineCode.STATUTORY_CHANNEL: N_(
        "Rule 2 of this platform: what the law leaves to courts, arbitration, administrative reconsideration or the "
        "petition offices is decided there alone. It is declined, and the channel is named."
    ),
    DeclineCode.EMERGENCY: N_(
        "Rule 3 of this platform: nobody reads it around the clock. Where life or property is in danger, only 110, "
        "119 and 120 can help in time."
    ),
    DeclineCode.DUPLICATE: N_(
        "Rule 4 of this platform: what the same person has sent already is answered once, under its first number."
    ),
    DeclineCode.NO_SUBSTANCE: N_(
        "Rule 5 of this platform: a message must say what it is about, so that a department can act on it or "
        "answer it."
    ),
    DeclineCode.UNLAWFUL: N_(
        "Rule 6 of this platform: what the law forbids to write or to spread is neither handled nor shown."
    ),
    DeclineCode.ADVERTISING: N_(
        "Rule 7 of this platform: it is for the concerns of residents and businesses, not for offering goods or "
        "services."
    ),
}
"""The rule behind each decline code, as the resident reads it; msgids."""
