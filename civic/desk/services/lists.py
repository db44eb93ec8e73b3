"""Own lists: saving, renaming, moving and deleting one, and what goes with an account."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from civic.accounts.rules import AccountDeactivated
from civic.core.actor import Actor
from civic.core.errors import N_, Invalid, NotFound
from civic.core.extensions import db
from civic.core.text import tidy
from civic.desk.models import SavedList
from civic.desk.policy import search_is_recorded
from civic.desk.rules import LONGEST_LIST_NAME, MOST_LISTS, moved


def save_list(actor: Actor, name: str, address: Mapping[str, str]) -> int:
    """Keep a list under a name, as the last one; returns its id.

    Raises :class:`Invalid` for one too many, and of words that an auditor looked for.
    """
    if address.get("q") and search_is_recorded(actor):
        raise Invalid(
            N_("Each search of an auditor is written down, so no list can be kept that searches by itself."),
            code="search_is_recorded",
        )
    own = _own(actor)
    if len(own) >= MOST_LISTS:
        raise Invalid(N_("You have %(most)s lists. Delete one first."), code="too_many", most=MOST_LISTS)
    kept = SavedList(
        account_id=actor.account_id,
        name=_checked(name, own),
        address=dict(address),
        position=max((one.position for one in own), default=0) + 1,
    )
    db.session.add(kept)
    db.session.flush()
    return kept.id


def rename_list(actor: Actor, list_id: int, name: str) -> None:
    """Call an own list something else."""
    own = _own(actor)
    chosen = _chosen(own, list_id)
    chosen.name = _checked(name, [one for one in own if one is not chosen])


def move_list(actor: Actor, list_id: int, step: int) -> None:
    """Move an own list up (-1) or down (1); at the end it stays where it is."""
    own = _own(actor)
    for position, one in enumerate(moved(own, _chosen(own, list_id), step), 1):
        one.position = position


def delete_list(actor: Actor, list_id: int) -> None:
    """Keep an own list no longer; its cases stay where they are."""
    db.session.delete(_chosen(_own(actor), list_id))


def forget_lists(left: AccountDeactivated) -> None:
    """With an account go the lists that only it had."""
    db.session.execute(delete(SavedList).where(SavedList.account_id == left.account_id))


def _own(actor: Actor) -> list[SavedList]:
    mine = select(SavedList).where(SavedList.account_id == actor.account_id)
    return list(db.session.scalars(mine.order_by(SavedList.position, SavedList.id).with_for_update()))


def _chosen(own: list[SavedList], list_id: int) -> SavedList:
    found = next((one for one in own if one.id == list_id), None)
    if found is None:
        raise NotFound(N_("There is no such list."), code="no_list")
    return found


def _checked(name: str, others: list[SavedList]) -> str:
    """The name as it's kept; raises :class:`Invalid` if it's missing, too long or taken."""
    kept = " ".join(tidy(name).split())
    if not kept:
        raise Invalid(N_("Give the list a name."), code="name_missing", field="name")
    if len(kept) > LONGEST_LIST_NAME:
        raise Invalid(
            N_("This is too long: at most %(longest)s characters."),
            code="text_too_long",
            field="name",
            longest=LONGEST_LIST_NAME,
        )
    if any(one.name == kept for one in others):
        raise Invalid(N_("You have a list of this name already."), code="name_taken", field="name")
    return kept
