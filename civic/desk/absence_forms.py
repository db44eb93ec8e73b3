"""The form of an absence: who, on which days, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from civic.accounts.services import NewAbsence

NOBODY = "nobody"
Choices = Iterable[tuple[str, str]]


class AbsenceForm(FlaskForm):
    """``person`` and ``stand_in`` name a person in a department as ``account:department``."""

    person = SelectField(_l("Person"), validators=[InputRequired(_l("Choose who is away."))])
    since = DateField(_l("First day"), validators=[InputRequired(_l("Enter the first day."))])
    until = DateField(_l("Last day"), validators=[InputRequired(_l("Enter the last day."))])
    stand_in = SelectField(
        _l("Stand-in"),
        description=_l("A colleague of the same department, who is there on these days."),
        validators=[InputRequired(_l("Choose who stands in, or that nobody does."))],
    )

    def __init__(self, *args: Any, people: Choices, stand_ins: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = list(people)
        nobody = (NOBODY, gettext("Nobody: the lead gives the cases to others"))
        self.stand_in.choices = [("", gettext("Choose")), *stand_ins, nobody]

    @property
    def filled(self) -> NewAbsence:
        """What was entered; the service knows whether the stand-in works in the same department."""
        account_id, department_id = _work(self.person.data)
        stand_in_id = None if self.stand_in.data == NOBODY else _work(self.stand_in.data)[0]
        assert self.since.data is not None
        assert self.until.data is not None
        return NewAbsence(
            account_id=account_id,
            department_id=department_id,
            since=self.since.data,
            until=self.until.data,
            stand_in_id=stand_in_id,
        )


def _work(value: str) -> tuple[int, int]:
    account_id, _colon, department_id = value.partition(":")
    return int(account_id), int(department_id)
