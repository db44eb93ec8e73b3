"""What is being written is kept on the server until it's saved: for its writer alone, and not for ever."""

from __future__ import annotations

from datetime import timedelta
from weakref import WeakKeyDictionary

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.services import deactivate_account
from civic.cases import services
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from civic.core.jobs import jobs
from civic.desk.models import KeptText, ReplyBeginning
from civic.desk.rules import KEPT_FOR
from civic.desk.services import NewTemplate, create_template
from civic.desk.services.keeping import LONGEST_KEPT
from tests.integration.desk.office import REPLY, WORDS, Office, forms_of

TOKENS: WeakKeyDictionary[FlaskClient, str] = WeakKeyDictionary()
HALF = "已到现场看过，正在联系灯具厂，"


def keep(
    office: Office, who: str, reference: str, text: str, slug: str = "draft-reply", **sent: str
) -> TestResponse:
    """What the script of an open page sends in a pause."""
    browser = office.browser(who)
    if browser not in TOKENS:
        TOKENS[browser] = forms_of(office.get(who, "/desk/"))[0].fields["csrf_token"]
    typed = {"csrf_token": TOKENS[browser], "text": text, "visit": who, "turn": "1", **sent}
    with office.at_work():
        return browser.post(f"/desk/cases/{reference}/{slug}/keep", data=typed)


def kept(office: Office) -> list[str]:
    with office.app.app_context():
        return list(db.session.scalars(select(KeptText.text).order_by(KeptText.kept_at, KeptText.text)))


def test_what_was_typed_is_given_back_to_its_writer_until_it_is_saved(office: Office) -> None:
    reference = office.submit()
    assert keep(office, "handler", reference, HALF).status_code == 403, "nobody can write a reply yet"
    office.accept(reference)
    assert "10:00" in keep(office, "handler", reference, HALF).json["said"]
    before = office.case(reference).version
    office.pass_time(minutes=10)
    page = office.open("handler", reference).get_data(as_text=True)
    assert HALF in page
    assert "10:00" in page
    # A colleague reads that there is one, never what it says; another department and a long text get nowhere.
    page = office.open("colleague", reference).get_data(as_text=True)
    assert "陈经办" in page
    assert HALF not in page
    assert keep(office, "other", reference, "外局").status_code == 404
    assert keep(office, "handler", reference, "长" * (LONGEST_KEPT + 1), turn="2").status_code == 422
    # A second window writes over nothing before the person has decided; a late request over nothing newer.
    refused = keep(office, "handler", reference, "另一个窗口", visit="second")
    assert (refused.status_code, refused.json["text"]) == (409, HALF)
    assert keep(office, "handler", reference, HALF + "周五装好。", turn="5").status_code == 200
    assert keep(office, "handler", reference, HALF + "周", turn="4").status_code == 200
    assert kept(office) == [HALF + "周五装好。"]
    taken = keep(office, "handler", reference, HALF + "周六装好。", visit="second", over="handler")
    assert taken.status_code == 200
    # Without a script a link puts it into the field. No event was written for any of this.
    assert office.case(reference).version == before
    form = office.form("handler", reference, "draft-reply")
    assert HALF not in form.fields["text"]
    form = next(
        form
        for form in forms_of(office.get("handler", f"/desk/cases/{reference}/draft-reply?kept=draft-reply"))
        if form.action.endswith("/draft-reply")
    )
    assert form.fields["text"].strip() == HALF + "周六装好。"
    # Saved, it's gone, also if the last pause of the page comes after; discarded, it's gone without a trace.
    assert office.send("handler", form, resolution="planned").status_code == 302
    assert keep(office, "handler", reference, HALF + "周六装好。").json["said"] == ""
    assert kept(office) == []
    keep(office, "handler", reference, "再想想")
    keep(office, "handler", reference, "给同事的话", "note")
    drop = next(
        form for form in forms_of(office.open("handler", reference)) if "/draft-reply/kept" in form.action
    )
    assert office.send("handler", drop).status_code == 302
    assert kept(office) == ["给同事的话"]


def test_what_was_chosen_beside_the_text_is_kept_with_it(office: Office) -> None:
    reference = office.submit()
    office.answered(reference)
    typed = {"resolution": "referred", "referred_to": "区供电公司", "reason": "灯杆不归我局。"}
    assert "保存" in keep(office, "lead", reference, REPLY, "correct-reply", **typed).json["said"]
    assert "区供电公司" in office.open("lead", reference).text
    back = office.get("lead", f"/desk/cases/{reference}/correct-reply?kept=correct-reply")
    form = next(form for form in forms_of(back) if form.action.endswith("/correct-reply"))
    assert {name: form.fields[name] for name in typed} == typed
    # Saved, the last pause of the page keeps nothing any more.
    assert office.send("lead", form).status_code == 302
    assert keep(office, "lead", reference, REPLY, "correct-reply", **typed).json["said"] == ""
    assert kept(office) == []


def test_nothing_is_kept_for_longer_than_it_serves(office: Office) -> None:
    moved, erased, survivor, sent, old = (office.submit() for _ in range(5))
    for reference in (moved, erased, survivor, sent, old):
        office.accept(reference)
        keep(office, "handler", reference, f"{reference}：{WORDS}")
    office.act("dispatcher", moved, "transfer", reason="归住建局。", department_id=str(office.roads))
    assert not [text for text in kept(office) if moved in text], "another department has the case"
    assert keep(office, "handler", moved, "还没写完").status_code == 404
    office.act("colleague", sent, "draft-reply", text=REPLY, resolution="adopted", then="send")
    assert [text for text in kept(office) if sent in text], "a colleague's draft takes nothing away"
    office.act("lead", sent, "approve-reply", then="publish")
    assert not [text for text in kept(office) if sent in text]
    # The words are erased: of the case, and of one that was merged into another.
    office.act("dispatcher", erased, "merge", survivor=survivor, reason="同一处。")
    case = office.case(erased)
    with office.app.app_context(), unit_of_work():
        services.erase_words(RESIDENT, case.case_id, case.version, office.now)
    assert len(kept(office)) == 1
    assert old in kept(office)[0]
    # A part in the making is its department's matter, and unknown to the one in charge.
    office.act("handler", old, "invite", message="请提供意见。", days="3", department_id=str(office.roads))
    assert keep(office, "other", old, "外局的意见", "contribute").status_code == 200
    assert "外局的意见" in office.open("other", old).get_data(as_text=True)
    assert "外局经办 在此" not in office.open("handler", old).get_data(as_text=True)
    keep(office, "colleague", old, "同事写的")
    with office.app.app_context():
        run = jobs(office.app)["forget_kept_texts"].run
        with unit_of_work():
            run(office.now + KEPT_FOR)
        assert len(kept(office)) == 3
        with unit_of_work():
            deactivate_account(office.people["admin"], office.people["colleague"].account_id, office.now)
        assert len(kept(office)) == 2
        with unit_of_work():
            run(office.now + KEPT_FOR + timedelta(seconds=1))
        assert kept(office) == []


def test_the_lead_sees_what_was_changed_in_the_template(office: Office) -> None:
    reference = office.submit()
    new = NewTemplate("路灯", "【称呼】：路灯已报修，三日内修好。")
    with office.app.app_context(), unit_of_work():
        create_template(office.people["lead"], office.water, new, office.now)
    office.accept(reference)
    form = office.form("handler", reference, "draft-reply")
    form.action += "/template"
    filled = next(
        form for form in forms_of(office.send("handler", form)) if form.action.endswith("/draft-reply")
    )
    changed = filled.fields["text"].replace("三日", "五日")
    keep(office, "handler", reference, changed, begun_with=filled.fields["begun_with"])
    back = f"/desk/cases/{reference}/draft-reply?kept=draft-reply"
    assert (
        next(f for f in forms_of(office.get("handler", back)) if "begun_with" in f.fields).fields[
            "begun_with"
        ]
        == filled.fields["begun_with"]
    )
    office.send("handler", filled, text=changed, resolution="planned", then="send")
    page = office.get("lead", f"/en/desk/cases/{reference}").get_data(as_text=True)
    assert "Changed since the template “路灯”, version 1" in page
    assert "<del>三</del><ins>五</ins>" in page
    case = office.case(reference)
    with office.app.app_context(), unit_of_work():
        assert "居民朋友" in db.session.scalars(select(ReplyBeginning.text)).one()
        services.erase_words(RESIDENT, case.case_id, case.version, office.now)
        assert db.session.scalar(select(ReplyBeginning.reply_id)) is None
