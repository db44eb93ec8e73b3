"""The figures of a summary: what each is called, what it means, and which counters it is made of.

A figure is the sum of the counters in ``plus`` less those in ``minus``. The list behind it
is made of the same measures, so list and figure can be compared by a test.
"""

from __future__ import annotations

from dataclasses import dataclass

from civic.cases.rules.counters import Measure
from civic.core.errors import N_


@dataclass(frozen=True, slots=True)
class Figure:
    """One countable figure. ``stock``: a state at the period's end, not a sum over its days."""

    key: str
    label: str
    meaning: str
    plus: frozenset[Measure]
    minus: frozenset[Measure] = frozenset()
    stock: bool = False

    @property
    def measures(self) -> frozenset[Measure]:
        return self.plus | self.minus


def _figure(key: str, label: str, meaning: str, *plus: Measure, minus: tuple[Measure, ...] = ()) -> Figure:
    return Figure(key, label, meaning, frozenset(plus), frozenset(minus), stock=bool(minus))


_ALL = (
    _figure(
        "received",
        N_("Received"),
        N_("Cases submitted in the period. Each counts for the department that holds it or held it last."),
        Measure.RECEIVED,
    ),
    _figure(
        "public",
        N_("Public"),
        N_("Cases first published in the period that can still be read."),
        Measure.PUBLIC,
    ),
    _figure(
        "accept_due",
        N_("Acceptance due"),
        N_(
            "Assignments whose acceptance deadline falls in the period. Not counted: those that left the department "
            "before it without being accepted, and returned or declined ones that were never accepted."
        ),
        Measure.ACCEPT_DUE,
    ),
    _figure(
        "accept_on_time",
        N_("Accepted on time"),
        N_("Of the assignments whose acceptance deadline falls in the period, those accepted by it."),
        Measure.ACCEPT_ON_TIME,
    ),
    _figure(
        "reply_due",
        N_("Reply due"),
        N_(
            "Cases whose reply deadline falls in the period, answered or not, so that a backlog can't hide; after an "
            "appeal against declining a new deadline counts. Not counted: withdrawn or merged by the deadline (of "
            "merged ones the survivor counts), declined (reported apart), and waiting for the resident since before "
            "the deadline, as long as they wait. What was late when it was withdrawn or merged stays, as late. Each "
            "counts for the department that answered; without an answer, for the one that holds it or held it last."
        ),
        Measure.REPLY_DUE,
    ),
    _figure(
        "reply_on_time",
        N_("Replied on time"),
        N_(
            "Of the cases whose reply deadline falls in the period, those whose first published reply came by it. It "
            "counts for whoever answered, also where others had used up the time before."
        ),
        Measure.REPLY_ON_TIME,
    ),
    _figure(
        "own_due",
        N_("Own days due"),
        N_(
            "Assignments whose own days (counted anew for each department a case comes to) end in the period, if the "
            "department answered or still held the case then. Not counted: declined or withdrawn ones, and those that "
            "wait for the resident since before their days ended, as long as they wait. Second answers are counted "
            "apart."
        ),
        Measure.OWN_DUE,
    ),
    _figure(
        "own_on_time",
        N_("Answered within own days"),
        N_(
            "Of the assignments whose own days end in the period, those in which that department "
            "answered within them: each department answers for its own days only."
        ),
        Measure.OWN_ON_TIME,
    ),
    _figure(
        "reply_days",
        N_("Days to reply"),
        N_(
            "Whole working days from submission (after an appeal against declining, from the appeal) to the first "
            "published reply, time waiting for the resident left out. Median and 90th percentile are taken from all "
            "first replies published in the period."
        ),
        Measure.REPLY_DAYS,
    ),
    _figure(
        "open",
        N_("Open"),
        N_(
            "Cases that a department (or the dispatcher) still has to answer at the end of the period, also those that "
            "wait for the resident, and reopened ones."
        ),
        Measure.OPENED,
        minus=(Measure.LEFT,),
    ),
    _figure(
        "overdue",
        N_("Overdue"),
        N_(
            "Open cases past their reply deadline at the end of the period, not those that wait for the resident, for "
            "whom the clock stands still."
        ),
        Measure.BECAME_OVERDUE,
        Measure.CAME_OVERDUE,
        minus=(Measure.LEFT_OVERDUE,),
    ),
    _figure(
        "solved",
        N_("Solved"),
        N_(
            "Cases closed in the period as resolved or adopted, or a question explained, where the resident wasn't "
            "dissatisfied and didn't say that it is only partly solved or not. Once the resident has rated the answer, "
            "or the time to object is over, a correction can take a solution back but makes none. Closed without a "
            "solution never counts as solved; praise is left out."
        ),
        Measure.SOLVED,
    ),
    _figure(
        "closed",
        N_("Closed"),
        N_(
            "Answered cases closed in the period, because the resident rated the answer or the time to object was "
            "over; praise left out. Declined, withdrawn and merged ones are counted apart."
        ),
        Measure.SOLVED,
        Measure.NOT_SOLVED,
    ),
    _figure(
        "satisfied",
        N_("Satisfied"),
        N_("Ratings given in the period that say satisfied or basically satisfied."),
        Measure.RATED_SATISFIED,
        Measure.RATED_BASICALLY,
    ),
    _figure(
        "rated",
        N_("Rated"),
        N_(
            "Ratings that residents gave in the period, for the department whose answer was rated. What several merged "
            "messages are answered with is rated by each of their writers."
        ),
        Measure.RATED_SATISFIED,
        Measure.RATED_BASICALLY,
        Measure.RATED_DISSATISFIED,
    ),
    _figure(
        "reopened",
        N_("Reopened"),
        N_(
            "Cases that a dissatisfied resident reopened in the period, at the department that had answered; merged "
            "ones, whose writer objected to the common answer, as well."
        ),
        Measure.REOPENED,
    ),
    _figure(
        "again_due",
        N_("Second answers due"),
        N_(
            "Rounds that a dissatisfied resident reopened and whose deadline falls in the period; counted apart from "
            "first answers, with the same exceptions."
        ),
        Measure.AGAIN_DUE,
    ),
    _figure(
        "again_on_time",
        N_("Second answers on time"),
        N_("Of the reopened rounds whose deadline falls in the period, those answered by it."),
        Measure.AGAIN_ON_TIME,
    ),
    _figure(
        "again_days",
        N_("Days to the second answer"),
        N_(
            "Whole working days from reopening to the answer that followed, time waiting for the resident left out, of "
            "the answers published in the period."
        ),
        Measure.AGAIN_DAYS,
    ),
    _figure(
        "returned",
        N_("Returned"),
        N_(
            "Cases that a department sent back to the dispatcher as misrouted in the period, whether or not the "
            "dispatcher agreed."
        ),
        Measure.RETURNED,
    ),
    _figure(
        "extended",
        N_("Extended"),
        N_("Extensions that the dispatcher approved in the period."),
        Measure.EXTENDED,
    ),
    _figure(
        "declined",
        N_("Declined"),
        N_("Cases declined with a reason in the period and not reopened on appeal."),
        Measure.DECLINED,
    ),
    _figure(
        "withdrawn",
        N_("Withdrawn"),
        N_("Cases that their writer withdrew in the period."),
        Measure.WITHDRAWN,
    ),
    _figure(
        "merged",
        N_("Merged"),
        N_("Cases merged into another one in the period and still merged; the survivor is counted on."),
        Measure.MERGED,
    ),
    _figure(
        "escalated",
        N_("Escalated"),
        N_(
            "Cases listed for supervision in the period: by the dispatcher or a department, or because a resident "
            "objected for the third time. Each counts once, on the day it was listed last."
        ),
        Measure.ESCALATED,
    ),
    _figure(
        "single_signature",
        N_("Single signature"),
        N_("Replies and corrections published in the period that one person drafted and approved alone."),
        Measure.SINGLE_SIGNATURE,
    ),
)

FIGURES: dict[str, Figure] = {figure.key: figure for figure in _ALL}
