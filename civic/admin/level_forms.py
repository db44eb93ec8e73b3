"""The forms of deadlines: one number for each level, from which day, and whether open cases follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.fields.core import UnboundField
from wtforms.validators import Optional

from civic.admin.forms import DatedForm
from civic.admin.rules import FIELD_NAMES
from civic.departments.rules import SOON_LEVELS, LevelKey
from civic.departments.services import SOON


class LevelsForm(DatedForm):
    """Deadlines from a day on."""

    open_cases = BooleanField(
        _l("Deadlines that run already follow too"),
        description=_l(
            "Otherwise they stay as they were promised. Reviews, acceptances and answers can follow; which ones move "
            "is shown first. Returns, extensions and objections always hold from the next one on."
        ),
    )

    NOT_VALUES = DatedForm.NOT_VALUES | {"open_cases"}

    def values(self) -> dict[str, Any]:
        """The numbers that were entered; None where the department follows the district."""
        return {f.short_name: f.data for f in self if f.short_name not in self.NOT_VALUES}

    def carried(self) -> dict[str, str]:
        """What the confirmation sends again, by field."""
        typed = (f for f in self if hasattr(f, "_value") and f.short_name != "open_cases")
        sent = {f.short_name: str(f._value()) for f in typed}
        return sent | ({"open_cases": "y"} if self.open_cases.data else {})


def levels_form(names: Mapping[str, Any], district: Mapping[str, Any] | None = None) -> LevelsForm:
    """A form for these fields; ``district``: what holds where a department's number is left out."""
    made = {name: _number(name, district.get(name) if district else None) for name in names}
    form: LevelsForm = type("OwnLevelsForm", (LevelsForm,), made)()
    return form


def _number(name: str, followed: int | None) -> UnboundField[IntegerField]:
    hint = _("The district's: %(days)s", days=followed) if followed is not None else ""
    return IntegerField(
        _(FIELD_NAMES[name]),
        description=hint,
        validators=[Optional()],
        render_kw={"inputmode": "numeric", "min": 1, "class": "days"},
    )


LEVEL_FIELDS = tuple((key.value, f"{key.value}{SOON}" if key in SOON_LEVELS else "") for key in LevelKey)
"""(days, due soon) of each level, by field; '' where a level isn't in the queues."""
