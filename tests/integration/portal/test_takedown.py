"""What is taken down is gone with the next request, in another process too, whatever is kept there or in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from flask import Flask

from civic import create_app
from civic.cases import services
from civic.cases.rules import CaseAction, PhotoState
from civic.core.actor import RESIDENT
from civic.core.db import unit_of_work
from civic.core.extensions import db
from tests.integration.cases.worlds import World
from tests.integration.portal.stranger import Stranger
from tests.integration.portal.test_secrecy import publish, secret, stranger, world

__all__ = ["world"]

A = CaseAction


@pytest.fixture
def elsewhere(taijiang: Flask) -> Iterator[Flask]:
    """A second web process on the same database, with pages of its own kept in memory."""
    other = create_app(taijiang.extensions["settings"].model_copy())
    yield other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass
class Reader:
    """Somebody whose browser keeps the pages and asks whether they still hold."""

    app: Flask

    def read(self, address: str, etag: str = "") -> tuple[int, bytes, str]:
        """(status, body, ETag)."""
        headers = {"If-None-Match": etag} if etag else {}
        with self.app.test_client().get(address, headers=headers) as answer:
            return answer.status_code, answer.get_data(), answer.headers.get("ETag", "")


def unpublished(world: World, case_id: int) -> None:
    world.do(services.unpublish_case, world.dispatcher, case_id, reason="涉及个人")


def remasked(world: World, case_id: int) -> None:
    world.do(services.remask_case, world.dispatcher, case_id, "＊＊＊＊在河边，路灯坏了。")


def revoked(world: World, case_id: int) -> None:
    world.do(services.revoke_consent, RESIDENT, case_id)


def withdrawn(world: World, case_id: int) -> None:
    world.do(services.withdraw_case, RESIDENT, case_id)


def erased(world: World, case_id: int) -> None:
    world.do(services.erase_words, RESIDENT, case_id)


def merged(world: World, case_id: int) -> None:
    survivor = world.submit(text="河边的灯")
    world.do(services.merge_case, world.dispatcher, case_id, survivor_id=survivor.case_id)


@dataclass(frozen=True)
class Takedown:
    """A way of taking down, whether the case was answered before, and what it says: a word in two halves."""

    take_down: Callable[[World, int], None]
    answered: bool
    halves: tuple[str, str]

    @property
    def word(self) -> str:
        return "".join(self.halves)


TAKEDOWNS: dict[str, Takedown] = {
    "unpublished": Takedown(unpublished, True, ("木棉", "暗号")),
    "masked again": Takedown(remasked, True, ("凤凰", "口令")),
    "consent revoked": Takedown(revoked, True, ("茉莉", "密语")),
    "erased": Takedown(erased, True, ("榕树", "谜面")),
    "erased while open": Takedown(erased, False, ("白鹭", "隐文")),
    "withdrawn": Takedown(withdrawn, False, ("橄榄", "切口")),
    "merged into another": Takedown(merged, False, ("龙眼", "藏头")),
}
PLACES = ("/voices", "/voices/feed.atom", "/cases/", "/plans/taijiang-14/6.3.1", "/search")


def words_of(body: bytes) -> str:
    """What is read on a page, without the marks of a search."""
    return re.sub(r"</?mark>", "", body.decode())


def showing(visitor: Stranger) -> dict[str, list[str]]:
    """The public pages that show each secret.

    Searches for the secret itself are left out: they say back what was typed.
    """
    reader = Reader(visitor.app)
    found: dict[str, list[str]] = {way.word: [] for way in TAKEDOWNS.values()}
    for endpoint, address in visitor.addresses():
        if (
            endpoint.startswith("portal.")
            and endpoint != "portal.case_photo"
            and not any(way.word in unquote(address) for way in TAKEDOWNS.values())
        ):
            words = words_of(reader.read(address)[1])
            for word, addresses in found.items():
                if word in words:
                    addresses.append(address)
    return found


def kept_pages(reader: Reader, addresses: list[str], word: str) -> dict[str, str]:
    """Pages that show the word, with their ETags. They are read twice, so that they are kept."""
    etags = {}
    for address in addresses:
        reader.read(address)
        _, body, etags[address] = reader.read(address)
        assert word in words_of(body), address
    return etags


def test_no_page_feed_or_search_shows_it_any_more(taijiang: Flask, elsewhere: Flask, world: World) -> None:
    """Seven cases are public together, and each is taken down in a way of its own."""
    receipts = {how: publish(world, secret(world, way.word)) for how, way in TAKEDOWNS.items()}
    for how, way in TAKEDOWNS.items():
        if way.answered:
            world.answered(receipts[how].case_id)
    reader = Reader(elsewhere)
    shown = showing(stranger(elsewhere, world, *(way.halves[0] for way in TAKEDOWNS.values())))
    for how, way in TAKEDOWNS.items():
        receipt, addresses = receipts[how], shown[way.word]
        places = (*PLACES, "/departments/") if way.answered else PLACES
        assert [place for place in places if not any(one.startswith(place) for one in addresses)] == [], how
        before = kept_pages(reader, addresses, way.word)
        photo = f"/cases/{receipt.reference}/photos/1/small"
        _, _, photo_etag = reader.read(photo)
        way.take_down(world, receipt.case_id)
        for address, etag in before.items():
            for asked in (etag, ""):
                status, body, _ = reader.read(address, asked)
                assert status != 304, (how, address)
                assert way.word not in words_of(body), (how, address)
        if how != "masked again":
            assert reader.read(f"/cases/{receipt.reference}")[0] == 410
            assert reader.read(photo, photo_etag)[0] == reader.read(photo)[0] == 404


def test_a_photo_that_is_held_back_is_gone_while_its_case_stays(elsewhere: Flask, world: World) -> None:
    receipt = publish(world, secret(world))
    reader = Reader(elsewhere)
    addresses = [f"/cases/{receipt.reference}/photos/1/{size}" for size in ("small", "full")]
    etags = {address: reader.read(address)[2] for address in addresses}
    page = reader.read(f"/cases/{receipt.reference}")
    assert b"/photos/1/" in page[1]
    with unit_of_work():
        services.decide_photo(world.dispatcher, receipt.case_id, 1, PhotoState.HELD, world.now)
    for address, etag in etags.items():
        assert reader.read(address, etag)[0] == 404
        assert reader.read(address)[0] == 404
    status, body, _ = reader.read(f"/cases/{receipt.reference}", page[2])
    assert (status, b"/photos/1/" in body) == (200, False)


def test_a_photo_that_is_covered_later_is_never_seen_uncovered_again(elsewhere: Flask, world: World) -> None:
    receipt = publish(world, secret(world))
    reader, address = Reader(elsewhere), f"/cases/{receipt.reference}/photos/1/full"
    _, open_photo, etag = reader.read(address)
    with unit_of_work():
        services.decide_photo(
            world.dispatcher, receipt.case_id, 1, PhotoState.SHOWN, world.now, squares=frozenset(range(50))
        )
    status, covered, _ = reader.read(address, etag)
    assert status == 200
    assert covered != open_photo
    assert reader.read(address)[1] == covered
