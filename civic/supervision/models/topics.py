"""What residents talk about, as the worker last found it. A sweep is written beside the one before and then takes
its place, so that a page never reads half of one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.core.db import UtcDateTime, key_text
from civic.core.extensions import db


class TopicSweep(db.Model):  # type: ignore[name-defined,misc]
    """One reading of all messages from ``since`` on. Pages read the newest that is ``complete``."""

    __tablename__ = "topic_sweep"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[date]
    complete: Mapped[bool] = mapped_column(default=False)


class TopicVoice(db.Model):  # type: ignore[name-defined,misc]
    """One message that was read, with what it counts by; its words are not here.

    ``writer`` numbers the writers within the sweep and says nothing beyond it. ``published``: the public could read
    it, and can still. ``alike``: the smallest public case of those that say nearly the same. ``topics`` are numbers of
    topics: a page reads all messages of a sweep anyway, and so it reads few rows. ``named``: those of them whose very
    name it uses, and not only another phrase of the topic.
    """

    __tablename__ = "topic_voice"
    __table_args__ = (Index("ix_topic_voice_case_id", "case_id"),)

    sweep_id: Mapped[int] = mapped_column(ForeignKey("topic_sweep.id"), primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, autoincrement=False)
    day: Mapped[date]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"))
    writer: Mapped[int]
    published: Mapped[bool]
    alike: Mapped[int | None]
    topics: Mapped[list[int]] = mapped_column(JSON)
    named: Mapped[list[int]] = mapped_column(JSON)


class Topic(db.Model):  # type: ignore[name-defined,misc]
    """A phrase that several messages use; ``also`` are phrases that mostly the same messages use."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("sweep_id", "phrase"),)

    sweep_id: Mapped[int] = mapped_column(ForeignKey("topic_sweep.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phrase: Mapped[str] = mapped_column(key_text(40))
    phrase_hant: Mapped[str] = mapped_column(String(40))
    also: Mapped[list[str]] = mapped_column(JSON)
