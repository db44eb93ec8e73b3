"""The law of search: how items are ranked, and which voices answer a query. Pure."""

from civic.search.rules.ranking import Document, Hit, Index
from civic.search.rules.reasons import Reason, reasons
from civic.search.rules.terms import held_terms, marked, ways, window
from civic.search.rules.wording import folded

__all__ = [
    "Document", "Hit", "Index", "Reason", "folded", "held_terms", "marked", "reasons", "ways", "window",
]  # fmt: skip
