"""A feed is well-formed Atom whatever residents write into it, and its ids stay."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from civic.portal.atom import ATOM, Entry, Feed, tag, write_feed

BASE = "https://plan.example.gov.cn"
AT = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
BEGAN = datetime(2021, 5, 12, tzinfo=UTC)


def entry(title: str = "标题", text: str = "正文", at: datetime = AT) -> Entry:
    return Entry("update/12", title, at, f"{BASE}/plans/p/6.3.1", text, "区教育局", "进展")


def feed(*entries: Entry) -> Feed:
    return Feed(
        "feed/plans/p/6/zh-Hans", "第六章", "进展", "zh-Hans", f"{BASE}/plans/p/6",
        f"{BASE}/plans/p/6/feed.atom", "台江", BEGAN, entries,
    )  # fmt: skip


@given(st.text(), st.text())
def test_any_text_makes_well_formed_xml(title: str, text: str) -> None:
    root = fromstring(write_feed(feed(entry(title, text)), BASE))
    assert root.tag == f"{{{ATOM}}}feed"


def test_it_has_what_the_standard_asks_for() -> None:
    root = fromstring(write_feed(feed(entry(), entry(at=BEGAN)), BASE))
    names = {f"{{{ATOM}}}{name}" for name in ("id", "title", "updated", "author", "link")}
    assert names <= {child.tag for child in root}
    assert root.findtext(f"{{{ATOM}}}updated") == "2026-11-23T04:30:00Z"
    for one in root.iter(f"{{{ATOM}}}entry"):
        assert {f"{{{ATOM}}}{name}" for name in ("id", "title", "updated", "content")} <= {c.tag for c in one}
        assert one.findtext(f"{{{ATOM}}}id") == "tag:plan.example.gov.cn,2026:update/12"


def test_an_empty_feed_says_since_when_it_is_there() -> None:
    assert fromstring(write_feed(feed(), BASE)).findtext(f"{{{ATOM}}}updated") == "2021-05-12T00:00:00Z"


def test_a_tag_names_no_port_and_no_scheme() -> None:
    assert tag("http://127.0.0.1:8000", "answer/1") == "tag:127.0.0.1,2026:answer/1"
