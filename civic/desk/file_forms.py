"""The form that puts a file with a case."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField
from wtforms.validators import InputRequired

from civic.cases.queries import CasePage
from civic.cases.rules import AttachedTo
from civic.files.rules import ACCEPTED


class AttachForm(FlaskForm):
    """A file, and whether it goes out with the answer."""

    upload = FileField(
        _l("File"),
        description=_l(
            "Photos: JPEG, PNG, WebP or HEIC; place and camera are taken out. Documents: PDF, DOCX, XLSX or ODT,"
            " as they are. At most 10 MB."
        ),
        validators=[FileRequired(_l("Choose a file."))],
        render_kw={"accept": ",".join(ACCEPTED)},
    )
    attached_to = RadioField(
        _l("Who reads it"), validators=[InputRequired(_l("Say whether it goes out with the reply."))]
    )

    @classmethod
    def of(cls, case: CasePage, *, sent: bool = True) -> AttachForm:
        """The form for a case: with the reply only where one can be drafted now."""
        form = cls() if sent else cls(formdata=None)
        form.attached_to.choices = [
            *(
                [
                    (
                        AttachedTo.REPLY.value,
                        gettext("Goes out with the reply: whoever reads the reply reads it"),
                    )
                ]
                if case.may_attach_to_reply
                else []
            ),
            (AttachedTo.NOTE.value, gettext("For colleagues alone, like a note")),
        ]
        return form

    @property
    def target(self) -> AttachedTo:
        return AttachedTo(self.attached_to.data)
