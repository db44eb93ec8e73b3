"""Summaries: open to who watches, to the dispatcher and to leads, who see how their department compares."""

from __future__ import annotations

from tests.access.matrix import staff

READERS = {"deputy": 200, "auditor": 200, "dispatcher": 200, "lead": 200, "other": 200}
NOT_THERE = dict.fromkeys(READERS, 404)

LINES = [
    staff("supervision.summary", **READERS),
    staff("supervision.summary_csv", **READERS),
    staff("supervision.behind", {"figure": "received"}, **READERS),
    staff("supervision.behind", {"figure": "no-such-figure"}, **NOT_THERE),
    staff("supervision.warnings", **READERS),
    staff("supervision.warnings", {"department": "no-such-department"}, **NOT_THERE),
    staff("supervision.topics", **READERS),
    staff("supervision.topics", {"street": "no-such-street"}, **NOT_THERE),
    staff("supervision.topic", {"phrase": "停车"}, **NOT_THERE),
    staff("supervision.alike", {"reference": "TJ-2026-7K3M9Q"}, **NOT_THERE),
    staff("supervision.snapshots", **READERS),
    staff("supervision.snapshot", {"number": 1}, **NOT_THERE),
    staff("supervision.snapshot_file", {"number": 1, "wanted": "xlsx"}, **NOT_THERE),
    staff("supervision.snapshot_data", {"number": 1}, **NOT_THERE),
    staff("supervision.report", {"wanted": "docx"}, **READERS),
]
