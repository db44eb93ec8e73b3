"""Not knowing the item: own words, the likeliest items with why and who answers, and none of these."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civic.cases.models import Case
from civic.core.extensions import db
from tests.integration.desk.office import Form, forms_of

WORDS = "老人吃饭没有地方，食堂太远"


def form_of(page: object) -> Form:
    return next(form for form in forms_of(page) if form.action.endswith("/feedback/new"))  # type: ignore[arg-type]


def test_typed_words_come_along_from_home_and_search(taijiang: Flask) -> None:
    client = taijiang.test_client()
    for address in ("/", "/search?q=吃饭"):
        page = client.get(address).get_data(as_text=True)
        assert 'formaction="/feedback/words"' in page
        assert 'formmethod="post"' in page
    answer = client.post("/feedback/words", data={"q": WORDS})
    assert answer.status_code == 200
    assert form_of(answer).fields["text"] == WORDS
    page = answer.get_data(as_text=True)
    assert "积极应对老龄化" in page
    assert "因为您提到老人（规划里称“老年人”）、吃饭（规划里称“助餐”）、食堂（规划里称“老年人助餐”）" in page
    assert "由区民政局答复" in page
    assert page.count('name="about"') == 4, "three items and none of these"
    assert "都不是" in page
    english = client.post("/en/feedback/words", data={"q": WORDS})
    assert english.status_code == 200
    assert "Because you mention" in english.get_data(as_text=True)


def test_nothing_typed_leads_to_the_empty_form_and_markup_stays_text(taijiang: Flask) -> None:
    client = taijiang.test_client()
    assert client.post("/feedback/words", data={"q": "  "}).location == "/feedback/new"
    assert client.post("/feedback/words").location == "/feedback/new"
    page = client.post("/feedback/words", data={"q": "<script>停车</script>" + "长" * 3000}).get_data(
        as_text=True
    )
    assert "<script>停车" not in page


def test_none_of_these_goes_to_a_person_and_a_choice_to_its_department(taijiang: Flask) -> None:
    for about, department in (("none", False), ("taijiang-14/6.4.3", True)):
        client: FlaskClient = taijiang.test_client()
        form = form_of(client.post("/feedback/words", data={"q": WORDS}))
        sent = client.post(form.action, data={**form.fields, "about": about, "kind": "suggestion"})
        assert sent.location == "/feedback/receipt", "what it may be about was asked once and not again"
        with taijiang.app_context():
            case = db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
            assert (case.item_id is not None) == department
