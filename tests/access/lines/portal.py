"""The public pages: the same for everyone, whoever is signed in; what isn't published isn't there."""

from __future__ import annotations

from tests.access.lines.intake import ITEM
from tests.access.matrix import everyone, staff

PLAN = {"plan": ITEM["plan"]}

LINES = [
    *(
        everyone(f"portal.{page}")
        for page in (
            "home",
            "plan_list",
            "livelihood",
            "voices",
            "voices_feed",
            "search",
            "scoreboard",
            "scoreboard_csv",
            "scoreboard_json",
            "scoreboard_streets",
            "scoreboard_streets_csv",
            "scoreboard_quarters",
            "about",
            "privacy",
            "accessibility",
            "progress",
            "quiet",
            "department_index",
        )
    ),
    everyone("portal.scoreboard", {"quarter": "2026-Q3"}, status=404),
    everyone("portal.feedback", status=302),
    everyone("portal.contents", PLAN),
    everyone("portal.contents", {"plan": "no-such-plan"}, status=404),
    everyone("portal.item", ITEM),
    everyone("portal.item", {**ITEM, "code": "9.9.9"}, status=404),
    everyone("portal.indicators", PLAN),
    everyone("portal.indicators_current", status=302),
    everyone("portal.projects", PLAN),
    everyone("portal.errata", PLAN),
    everyone("portal.livelihood_area", {"area": "no-such-area"}, status=404),
    everyone("portal.department", {"key": "ours"}),
    everyone("portal.case_photo", {"reference": "TJ-2026-AAAAAA", "number": 1, "size": "small"}, status=404),
    everyone("portal.case_file", {"reference": "TJ-2026-AAAAAA", "attachment_id": 1}, status=404),
    everyone("portal.item_feed", ITEM),
    everyone("portal.item_feed", {**ITEM, "code": "9.9.9"}, status=404),
    everyone("portal.department_feed", {"key": "ours"}),
    everyone("portal.department_feed", {"key": "no-such-department"}, status=404),
    everyone("portal.progress_feed"),
    staff("portal.plain_summaries", editor=200),
    staff("portal.plain_summary", ITEM, editor=200),
    staff("portal.plain_summary", ITEM, method="POST", data={"text": "修好坏路灯。", "publish": "1"}, editor=422),
    staff(
        "portal.plain_summary", ITEM, method="POST",
        data={"text": "两年内把片区里坏掉的路灯全部修好。", "publish": "1"}, editor=302,
    ),
    everyone("portal.department", {"key": "no-such-department"}, status=404),
    everyone("portal.case", {"reference": "TJ-2026-AAAAAA"}, status=404),
]  # fmt: skip
