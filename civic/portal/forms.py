"""The editor's form for plain summaries."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SubmitField, TextAreaField


class SummaryForm(FlaskForm):
    """A summary with the version that was on the screen when it was written."""

    text = TextAreaField(
        _l("In plain words"),
        description=_l(
            "Two or three sentences that anyone understands: what will be done, for whom, until when. Promise nothing "
            "that the plan doesn't. Leave it empty to take the summary back."
        ),
        render_kw={"rows": 5, "maxlength": 600, "lang": "zh-Hans"},
    )
    text_en = TextAreaField(
        _l("The same in English"), description=_l("Optional."), render_kw={"rows": 4, "lang": "en"}
    )
    seen = HiddenField(default="0")
    preview = SubmitField(_l("Preview"))
    publish = SubmitField(_l("Publish"))

    def seen_id(self) -> int:
        """The version that was on the screen; 0 for none or for anything that is no number."""
        return int(self.seen.data) if (self.seen.data or "").isdecimal() else 0
