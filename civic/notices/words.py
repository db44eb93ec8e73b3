"""What a message about a case says: in plain words what happened, and what happens next, with its date.

Nothing that a resident or a department has written stands in a message: it says that there is something, and where.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from civic.cases.queries import TrackingPage
from civic.cases.rules import DECLINE_LABELS, CaseAction
from civic.notices.rules.residents import NoticeKind
from civic.web.filters import day
from civic.web.locale import current_locale


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands: as its writer sees it, with the name of who has it ('' if nobody yet), and when it closes."""

    case: TrackingPage
    department: str
    close_at: datetime | None


@dataclass(frozen=True, slots=True)
class Words:
    """``subject`` of a mail, its sentences, and ``short`` for a text message."""

    subject: str
    happened: str
    next: str
    short: str


def words_of(kind: NoticeKind, at: Standing) -> Words:
    """The sentences of a message in the language of this moment."""
    return _SAID[kind](at)


def _received(at: Standing) -> Words:
    who = (
        _("%(department)s has it.", department=at.department)
        if at.department
        else _("The dispatcher finds the right department.")
    )
    return Words(
        _("%(reference)s: your message has arrived", reference=at.case.reference),
        _one_after_another(_("We have received your message."), who),
        _answer_by(at),
        _one_after_another(
            _("Your message %(reference)s has arrived.", reference=at.case.reference), _answer_by(at)
        ),
    )


def _asked(at: Standing) -> Words:
    return Words(
        _("%(reference)s: the department asks you something", reference=at.case.reference),
        _("The department needs to know something from you. Its question stands in your case."),
        _("Answer it there, please. Until then the time for the answer stands still."),
        _(
            "About your message %(reference)s the department asks you something. Please answer it.",
            reference=at.case.reference,
        ),
    )


def _answered(at: Standing) -> Words:
    told = _("Your message is answered. The answer stands in your case.")
    if at.case.merged_into_other:
        told = _("The matter that you and others raised is answered. The answer stands in your case.")
    return Words(
        _("%(reference)s: your message is answered", reference=at.case.reference),
        told,
        _judge_by(at),
        _one_after_another(
            _("Your message %(reference)s is answered.", reference=at.case.reference),
            _("Please rate the answer.") if at.case.may(CaseAction.RATE) else "",
        ),
    )


def _corrected(at: Standing) -> Words:
    return Words(
        _("%(reference)s: the answer was corrected", reference=at.case.reference),
        _("The department has corrected its answer. The new one stands in your case."),
        _judge_by(at),
        _("The answer to your message %(reference)s was corrected.", reference=at.case.reference),
    )


def _extended(at: Standing) -> Words:
    return Words(
        _("%(reference)s: the answer takes longer", reference=at.case.reference),
        _(
            "The department needs more time, and the dispatcher has agreed. This is possible once. "
            "The reason stands in your case."
        ),
        _answer_by(at),
        _one_after_another(
            _("The answer to your message %(reference)s takes longer.", reference=at.case.reference),
            _answer_by(at),
        ),
    )


def _declined(at: Standing) -> Words:
    why = _(DECLINE_LABELS[at.case.decline_code]) if at.case.decline_code else ""
    after = ""
    if at.case.may(CaseAction.APPEAL):
        after = _("If you see it otherwise, you can ask there, once, that it be looked at again.")
    return Words(
        _("%(reference)s: it is not dealt with here", reference=at.case.reference),
        _("Your message is not dealt with here: %(why)s. The explanation stands in your case.", why=why),
        after,
        _one_after_another(
            _("Your message %(reference)s is not dealt with here.", reference=at.case.reference), after
        ),
    )


def _merged(at: Standing) -> Words:
    return Words(
        _("%(reference)s: answered together with another message", reference=at.case.reference),
        _(
            "The same matter was raised before. Both are answered together; you follow it under your own number."
        ),
        _answer_by(at),
        _one_after_another(
            _(
                "Your message %(reference)s is answered together with an earlier one.",
                reference=at.case.reference,
            ),
            _answer_by(at),
        ),
    )


def _separated(at: Standing) -> Words:
    return Words(
        _("%(reference)s: answered by itself again", reference=at.case.reference),
        _("Your message is no longer joined with another one. It is answered by itself."),
        _answer_by(at),
        _one_after_another(
            _("Your message %(reference)s is answered by itself again.", reference=at.case.reference),
            _answer_by(at),
        ),
    )


def _reopened(at: Standing) -> Words:
    return Words(
        _("%(reference)s: it is taken up again", reference=at.case.reference),
        _("Your objection is in, and your case is taken up again."),
        _answer_by(at),
        _one_after_another(
            _("Your case %(reference)s is taken up again.", reference=at.case.reference), _answer_by(at)
        ),
    )


def _closing(at: Standing) -> Words:
    closes = _("Your answered case closes on %(day)s.", day=day(at.close_at))
    return Words(
        _("%(reference)s: it closes on %(day)s", reference=at.case.reference, day=day(at.close_at)),
        closes,
        _("Not satisfied? Say so before that day, and it is taken up again. Otherwise you need do nothing."),
        _(
            "Your case %(reference)s closes on %(day)s. Not satisfied? Say so before.",
            reference=at.case.reference,
            day=day(at.close_at),
        ),
    )


def _one_after_another(*sentences: str) -> str:
    """Sentences in a row: Chinese has no space between them."""
    between = " " if current_locale() == "en" else ""
    return between.join(sentence for sentence in sentences if sentence)


def _answer_by(at: Standing) -> str:
    if at.case.deadline is None or not at.case.deadline.is_running:
        return ""
    return str(_("You get an answer by %(day)s.", day=day(at.case.deadline.due_at)))


def _judge_by(at: Standing) -> str:
    until = at.case.judge_until
    if not at.case.may(CaseAction.RATE) or until is None:
        return ""
    if at.case.merged_into_other:
        return str(
            _(
                "Please say by %(day)s whether you are satisfied. If not, your message is taken up again, on its own.",
                day=day(until),
            )
        )
    return str(
        _(
            "Please say whether you are satisfied. If not, it is taken up again; without a word from you "
            "it is closed on %(day)s.",
            day=day(until),
        )
    )


_SAID: dict[NoticeKind, Callable[[Standing], Words]] = {
    NoticeKind.RECEIVED: _received,
    NoticeKind.ASKED: _asked,
    NoticeKind.ANSWERED: _answered,
    NoticeKind.CORRECTED: _corrected,
    NoticeKind.EXTENDED: _extended,
    NoticeKind.DECLINED: _declined,
    NoticeKind.MERGED: _merged,
    NoticeKind.SEPARATED: _separated,
    NoticeKind.REOPENED: _reopened,
    NoticeKind.CLOSING: _closing,
}
