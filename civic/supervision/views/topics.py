"""What residents talk about: the topics of a period and place, and the page of one topic or one group of like words."""

from __future__ import annotations

from flask import render_template, request

from civic.supervision import queries
from civic.supervision.forms import read_within
from civic.supervision.queries import TopicPage
from civic.supervision.rules.phrases import HIDDEN_FROM, NAMED_FROM, NAMED_FROM_FEW
from civic.supervision.rules.topics import HALF_LIFE_DAYS, MARK_LABELS
from civic.supervision.views.asked import chosen_topics
from civic.supervision.views.summary import READERS, bp
from civic.web.access import access, current_actor
from civic.web.bars import bars


@bp.get("/topics")
@access(*READERS)
def topics() -> str:
    """Topics, the hottest first, and messages that say nearly the same."""
    page = queries.topics(current_actor(), chosen_topics())
    return render_template(
        "supervision/staff/topics.html",
        page=page, typed=page.choice.args, refused=None, chapters=page.chapters, streets=page.streets,
        mark_labels=MARK_LABELS, named_from=NAMED_FROM, named_from_few=NAMED_FROM_FEW,
        hidden_from=HIDDEN_FROM, half_life=HALF_LIFE_DAYS,
    )  # fmt: skip


@bp.get("/topics/<phrase>")
@access(*READERS)
def topic(phrase: str) -> str:
    """One topic."""
    asked = read_within(request.args), request.args.get("after")
    return _page(queries.topic(current_actor(), phrase, chosen_topics(), *asked), phrase=phrase)


@bp.get("/topics/alike/<reference>")
@access(*READERS)
def alike(reference: str) -> str:
    """Messages that say nearly the same as a published one."""
    asked = read_within(request.args), request.args.get("after")
    return _page(queries.alike(current_actor(), reference, chosen_topics(), *asked), reference=reference)


def _page(page: TopicPage, **which: str) -> str:
    """``which``: the topic or group as its address names it."""
    drawn = bars([[n for _, n in page.counted.weeks]], names_shown=3)
    return render_template(
        "supervision/staff/topic.html",
        page=page, which={**which, **page.choice.args}, drawn=drawn,
        week_names=[f"{monday:%m-%d}" for monday, _ in page.counted.weeks],
        mark_labels=MARK_LABELS, hidden_from=HIDDEN_FROM,
    )  # fmt: skip
