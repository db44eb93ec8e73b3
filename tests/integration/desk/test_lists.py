"""Own lists: a narrowed list kept under a name, counted beside the others, changed and gone with its account."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

from civic.accounts.services import deactivate_account
from civic.cases.rules import FeedbackKind
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.desk.models import SavedList
from civic.desk.rules import MOST_LISTS
from tests.integration.desk.office import Form, Office, forms_of

NARROW = "/en/desk/?view=department&kind=question&order=newest"
OWN = re.compile(
    r'<li><a href="([^"]+)"([^>]*)><span>([^<]+)</span> <span class="count" data-count="saved-\d+">(\d+)<'
)


def own(office: Office, who: str, address: str = "/en/desk/") -> list[tuple[str, int]]:
    """The names and counts of the own lists."""
    page = unescape(office.get(who, address).get_data(as_text=True))
    return [(name, int(count)) for _address, _current, name, count in OWN.findall(page)]


def form(office: Office, who: str, address: str) -> Form:
    return next(one for one in forms_of(office.get(who, address)) if "/desk/lists" in one.action)


def keep(office: Office, who: str, name: str, address: str = NARROW) -> None:
    answer = office.send(who, form(office, who, address), name=name)
    assert answer.status_code == 302


def test_a_list_is_kept_counted_renamed_moved_and_deleted(office: Office) -> None:
    office.submit(kind=FeedbackKind.QUESTION)
    office.submit()
    suggested = form(office, "handler", NARROW).fields["name"]
    assert suggested == "All open cases · Question"
    keep(office, "handler", "  问路   灯的 ")
    keep(office, "handler", "All 路灯", "/en/desk/?q=路灯")
    keep(office, "handler", "问路 灯的", "/en/desk/?view=all&kind=report")
    assert "You have a list of this name already." in office.get("handler", NARROW).get_data(as_text=True)
    assert own(office, "handler") == [("问路 灯的", 1), ("All 路灯", 2)]
    assert own(office, "colleague") == [], "nobody else's"
    page = unescape(office.get("handler", NARROW).get_data(as_text=True))
    address, current, *_rest = OWN.findall(page)[0]
    assert "aria-current" in current
    asked = parse_qs(urlsplit(address).query)
    assert asked == {"view": ["department"], "kind": ["question"], "order": ["newest"]}
    assert page.count('aria-current="page"') == 2, "the page's and the own list's, not also the department's"
    counts = office.get("handler", "/en/desk/changes").get_json()["counts"]
    assert sorted(n for name, n in counts.items() if name.startswith("saved-")) == [1, 2]

    office.send("handler", form(office, "handler", NARROW), deed="down", name="")
    assert [name for name, _n in own(office, "handler")] == ["All 路灯", "问路 灯的"]
    office.send("handler", form(office, "handler", NARROW), deed="up", name="")
    office.send("handler", form(office, "handler", NARROW), deed="rename", name="询问")
    assert [name for name, _n in own(office, "handler")] == ["询问", "All 路灯"]

    mine = form(office, "handler", NARROW)
    foreign = form(office, "colleague", NARROW)
    foreign.action = mine.action
    assert office.send("colleague", foreign, deed="delete").status_code == 404
    assert office.send("handler", mine, deed="shuffle").status_code == 400
    office.send("handler", mine, deed="delete", name="")
    assert [name for name, _n in own(office, "handler")] == ["All 路灯"]


def test_there_is_a_limit_and_lists_go_with_the_account(office: Office) -> None:
    handler = office.people["handler"]
    keep(office, "colleague", "留下")
    with office.app.app_context(), unit_of_work():
        for n in range(MOST_LISTS):
            db.session.add(
                SavedList(
                    account_id=handler.account_id,
                    name=f"{n}",
                    address={"view": "gone", "kind": "x"},
                    position=n,
                )
            )
    assert len(own(office, "handler")) == MOST_LISTS, "what isn't known any more narrows nothing"
    full = office.get("handler", NARROW).get_data(as_text=True)
    assert f"You have {MOST_LISTS} lists. Delete one first." in full
    late = form(office, "colleague", "/en/desk/?q=x")
    late.fields["csrf_token"] = next(
        f for f in forms_of(office.get("handler", NARROW)) if "csrf_token" in f.fields
    ).fields["csrf_token"]
    office.send("handler", late, name="一")
    assert len(own(office, "handler")) == MOST_LISTS
    with office.app.app_context(), unit_of_work():
        deactivate_account(office.people["admin"], handler.account_id or 0, office.now)
    with office.app.app_context():
        assert list(db.session.scalars(db.select(SavedList.name))) == ["留下"]
