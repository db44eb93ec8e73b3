"""Public pages as frozen data: plan, progress and voices joined."""

from civic.portal.queries.document import ContentsPage, ItemPage, contents, item_page, projects
from civic.portal.queries.home import AreaPage, HomePage, area_page, areas, home
from civic.portal.queries.levels import GeneralLevels, general_levels
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
    "GeneralLevels",
    "HomePage",
    "ItemPage",
    "Names",
    "VoicesPage",
    "area_page",
    "areas",
    "case_shown",
    "contents",
    "general_levels",
    "home",
    "item_page",
    "names_of",
    "projects",
    "read_filter",
    "voices",
]
