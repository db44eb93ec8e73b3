"""What the resident's side keeps itself: proofs of work that were used, until they would expire anyway."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime, key_text
from civic.core.extensions import db


class SpentProof(db.Model):  # type: ignore[name-defined,misc]
    """A proof serves one form: the hash of its challenge, and the hash of that form's number."""

    __tablename__ = "spent_proof"

    challenge_hash: Mapped[str] = mapped_column(key_text(64), primary_key=True)
    form_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
