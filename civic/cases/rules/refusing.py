"""Why what its writer wished to be public isn't published. A refusal without a reason can't be argued with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from civic.core.errors import N_


class PrivateBecause(StrEnum):
    """Why a message stays private although its writer agreed to publication."""

    EXPOSES = "exposes"
    ACCUSES = "accuses"
    PRIVATE_MATTER = "private_matter"
    PROCEEDING = "proceeding"
    UNLAWFUL = "unlawful"
    OTHER = "other"


NEEDS_WORDS = frozenset({PrivateBecause.OTHER})
"""Reasons that say nothing without an explanation."""

PRIVATE_LABELS: Mapping[PrivateBecause, str] = MappingProxyType(
    {
        PrivateBecause.EXPOSES: N_("Somebody could be recognised even if parts were covered"),
        PrivateBecause.ACCUSES: N_("It blames a named person or firm for something that isn't proven"),
        PrivateBecause.PRIVATE_MATTER: N_("It is the private matter of one household"),
        PrivateBecause.PROCEEDING: N_("It could disturb an inquiry or a proceeding"),
        PrivateBecause.UNLAWFUL: N_("It holds what the law forbids to spread"),
        PrivateBecause.OTHER: N_("Another reason, which I explain"),
    }
)
"""As the dispatcher chooses them, and as the history has them; msgids."""

PRIVATE_SENTENCES: Mapping[PrivateBecause, str] = MappingProxyType(
    {
        PrivateBecause.EXPOSES: N_(
            "The dispatcher hasn't published your message, because somebody could be recognised even if parts were "
            "covered. It is handled all the same."
        ),
        PrivateBecause.ACCUSES: N_(
            "The dispatcher hasn't published your message, because it blames a named person or firm for something "
            "that isn't proven. It is handled all the same."
        ),
        PrivateBecause.PRIVATE_MATTER: N_(
            "The dispatcher hasn't published your message, because it is the private matter of one household. It is "
            "handled all the same."
        ),
        PrivateBecause.PROCEEDING: N_(
            "The dispatcher hasn't published your message, because that could disturb an inquiry or a proceeding. It "
            "is handled all the same."
        ),
        PrivateBecause.UNLAWFUL: N_(
            "The dispatcher hasn't published your message, because it holds what the law forbids to spread. It is "
            "handled all the same."
        ),
        PrivateBecause.OTHER: N_(
            "The dispatcher hasn't published your message, for the reason below. It is handled all the same."
        ),
    }
)
"""As the writer reads them in the timeline; msgids."""
