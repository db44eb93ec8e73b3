"""Reads of opinions: lists and pages, scoped to the reader, and figures with the list behind each."""

from civic.supervision.queries.opinions.beginnings import Beginning, beginning_behind, beginning_with
from civic.supervision.queries.opinions.figures import (
    FigureChoice,
    OpinionSummary,
    OpinionTable,
    has_opinions,
    opinion_figures,
    opinion_table,
)
from civic.supervision.queries.opinions.lists import (
    DEPARTMENT_VIEWS,
    DEPUTY_VIEWS,
    OpinionFilter,
    desk_opinion_counts,
    desk_opinions,
    opinion_counts,
    opinion_list,
    owed_opinions,
    public_opinions,
)
from civic.supervision.queries.opinions.noticing import OpinionNotice, opinion_news, opinions_owed_now
from civic.supervision.queries.opinions.pages import desk_opinion, opinion_page, public_opinion
from civic.supervision.queries.opinions.parts import opinions_part, replayed_part
from civic.supervision.queries.opinions.rows import (
    AnswerView,
    CasesView,
    DraftView,
    OpinionPage,
    OpinionRow,
    OpinionView,
    PublicOpinion,
)
from civic.supervision.rules.opinions import OPINION_FIGURES, OpinionFigure, OpinionFigures

__all__ = [
    "DEPARTMENT_VIEWS",
    "DEPUTY_VIEWS",
    "OPINION_FIGURES",
    "AnswerView",
    "Beginning",
    "CasesView",
    "DraftView",
    "FigureChoice",
    "OpinionFigure",
    "OpinionFigures",
    "OpinionFilter",
    "OpinionNotice",
    "OpinionPage",
    "OpinionRow",
    "OpinionSummary",
    "OpinionTable",
    "OpinionView",
    "PublicOpinion",
    "beginning_behind",
    "beginning_with",
    "desk_opinion",
    "desk_opinion_counts",
    "desk_opinions",
    "has_opinions",
    "opinion_counts",
    "opinion_figures",
    "opinion_list",
    "opinion_news",
    "opinion_page",
    "opinion_table",
    "opinions_owed_now",
    "opinions_part",
    "owed_opinions",
    "public_opinion",
    "public_opinions",
    "replayed_part",
]
