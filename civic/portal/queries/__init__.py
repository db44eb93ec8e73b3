"""Public pages as frozen data: plan, progress and voices joined."""

from civic.portal.queries.document import ContentsPage, ItemPage, contents, item_page
from civic.portal.queries.home import AreaPage, HomePage, area_page, areas, home
from civic.portal.queries.voices import (
    CaseShown,
    Names,
    VoicesPage,
    case_shown,
    names_of,
    read_filter,
    voices,
)

__all__ = [
    "AreaPage",
    "CaseShown",
    "ContentsPage",
    "HomePage",
    "ItemPage",
    "Names",
    "VoicesPage",
    "area_page",
    "areas",
    "case_shown",
    "contents",
    "home",
    "item_page",
    "names_of",
    "read_filter",
    "voices",
]
