"""Beside a case stands what the plan asks, also where its item is a line of a list or a table."""

from __future__ import annotations

from flask import Flask

from civic.cases import services
from civic.cases.rules import FeedbackKind
from civic.cases.services import NewFeedback
from civic.core import clock
from civic.core.actor import RESIDENT, Role
from civic.core.db import unit_of_work
from civic.core.ids import new_nonce
from civic.plans import queries as plans
from tests.factories import make_account, sign_in

SAID = {
    "taijiang-14/M-5.4.1-1": ("力争2025年底", "<span>21%</span> (2025)", "2025年12月31日"),
    "taijiang-14/T2-08": ("基期值 (2020)", "5.4", "2025 年目标", "7.93", "万元", "年均 8.0%"),
    "taijiang-13/T1-01": ("2020 年实绩",),
    "taijiang-14/B2-014": ("“十四五”城市建设重点项目", "基础设施建设项目", "建设"),
    "taijiang-14/6.3.1": ("plan-text",),
}
"""By item, what its page of the plan says too."""


def test_a_promise_an_indicator_and_a_project_stand_beside_their_cases(taijiang: Flask) -> None:
    with taijiang.app_context():
        dispatcher = make_account(Role.DISPATCHER)
        references = {}
        for code in SAID:
            item = plans.item_by_code(*code.split("/"))
            new = NewFeedback(FeedbackKind.QUESTION, f"{code}做到哪一步了？", new_nonce(), item_id=item.id)
            with unit_of_work():
                references[code] = services.submit_feedback(RESIDENT, new, clock.now()).reference
    browser = sign_in(taijiang.test_client(), dispatcher)
    for code, said in SAID.items():
        page = browser.get(f"/desk/cases/{references[code]}").get_data(as_text=True)
        beside = page.split('id="item-title"')[1].split("</section>")[0]
        for words in said:
            assert words in beside
