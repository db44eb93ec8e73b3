"""Reads of search: the items and the voices that answer a query, and the likeliest items for a resident's words."""

from civic.search.queries.items import LONGEST_QUERY, SUGGESTED, Found, Part, SearchPage, search, suggest
from civic.search.queries.voices import (
    MOST_COUNTED,
    VOICES_SHOWN,
    VoicesFound,
    count_voices,
    find_voices,
    highlight,
    voice_index_is_right,
)

__all__ = [
    "LONGEST_QUERY",
    "MOST_COUNTED",
    "SUGGESTED",
    "VOICES_SHOWN",
    "Found",
    "Part",
    "SearchPage",
    "VoicesFound",
    "count_voices",
    "find_voices",
    "highlight",
    "search",
    "suggest",
    "voice_index_is_right",
]
