"""Public pages as frozen data: plan, progress and voices joined."""

from civic.portal.queries.document import ContentsPage, ItemPage, contents, item_page, projects
from civic.portal.queries.home import AreaPage, HomePage, area_page, areas, home
from civic.portal.queries.levels import GeneralLevels, general_levels
from civic.portal.queries.voices import (
    PERIODS,
    CaseShown,
    Names,
    Narrowed,
    VoicesPage,
    case_shown,
    names_of,
    read_filter,
    voices,
)

__all__ = [
    "PERIODS",
    "AreaPage",
    "CaseShown",
    "ContentsPage",
    "GeneralLevels",
    "HomePage",
    "ItemPage",
    "Names",
    "Narrowed",
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
