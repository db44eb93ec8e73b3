"""Photos from a phone to the public page: shown before they are sent, covered by mouse and keys, black there."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from civic.core.actor import Role
from civic.files.rules import COLUMNS
from tests.e2e.conftest import Site
from tests.e2e.people import go_by, hand_in, staff, take_time
from tests.e2e.test_pages import found_by_axe
from tests.e2e.test_progress import fits
from tests.factories.pictures import is_black, is_blue, is_red, is_silent, opened, picture

pytestmark = pytest.mark.e2e

WORDS = "桥头的路灯坏了三盏，晚上看不清台阶，照片上可以看到。"
SEVENTH = COLUMNS + 6
"""The square that is reached from the first by one step down and six to the right."""


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """One that a phone took (large, with its place), one on its side, one that is to be removed again."""
    made = {
        "IMG_1.jpg": noisy((3200, 2400)),
        "IMG_2.jpg": picture("JPEG", (800, 600)),
        "IMG_3.png": picture("PNG", (300, 200)),
    }
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    return [str(tmp_path / name) for name in made]


def noisy(size: tuple[int, int]) -> bytes:
    """A photo of some megabytes: red above, blue below, with grain."""
    with Image.open(io.BytesIO(picture("JPEG", size))) as image:
        grain = Image.frombytes("L", size, random.Random(1).randbytes(size[0] * size[1]))
        out = io.BytesIO()
        Image.blend(image.convert("RGB"), Image.merge("RGB", [grain] * 3), 0.15).save(
            out, "JPEG", quality=92, exif=image.getexif()
        )
    return out.getvalue()


def until(page: Any, expression: str) -> None:
    """Wait for something to be so: Playwright's own way evaluates a string in the page, which the page forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(expression)


def test_photos_from_a_phone_to_the_public_page(
    site: Site, visitor: Callable[..., Any], pictures: list[str]
) -> None:
    large, turned, extra = pictures
    resident = visitor(phone=True, has_touch=True, is_mobile=True)
    reference = sent(resident, large, turned, extra)

    resident.goto("/track/case")
    until(resident, "[...document.querySelectorAll('.thumbs img')].every((one) => one.naturalWidth > 0)")
    assert resident.locator(".thumbs img").count() == 2
    assert "尚未公开" in resident.inner_text(".thumbs")
    assert fits(resident)
    assert found_by_axe(resident) == []

    dispatcher = staff(site, visitor, Role.DISPATCHER)
    dispatcher.goto(f"/desk/cases/{reference}/publish")
    with dispatcher.expect_navigation():
        dispatcher.get_by_role("button", name="原文公开", exact=True).click()
    cover_and_show(dispatcher, reference)

    resident.goto(f"/cases/{reference}")
    assert resident.locator(".thumbs img").count() == 1, "the other one waits"
    assert fits(resident)
    assert found_by_axe(resident) == []
    for size in ("full", "small"):
        answer = resident.request.get(f"/cases/{reference}/photos/1/{size}")
        assert answer.status == 200
        assert_covered(answer.body())
    resident.goto("/track/case")
    assert "随诉求公开" in resident.inner_text(".thumbs li:first-child")

    dispatcher.goto(f"/desk/cases/{reference}")
    go_by(dispatcher, dispatcher.get_by_role("link", name="处理第 1 张照片"))
    assert dispatcher.locator("[data-cover] input:checked").count() == 4, "what is covered stays chosen"
    with dispatcher.expect_navigation():
        dispatcher.get_by_role("button", name="不公开", exact=True).click()
    assert resident.request.get(f"/cases/{reference}/photos/1/full").status == 404


def sent(resident: Any, large: str, turned: str, extra: str) -> str:
    """Choose two photos, take a third, remove one, and send; returns the number of the case."""
    resident.goto("/plans/taijiang-14/6.3.1/feedback")
    resident.get_by_text("添加照片").click()
    resident.set_input_files("#photos", [large, extra])
    until(resident, "document.querySelectorAll('[data-chosen] img').length === 2")
    resident.set_input_files("#camera", turned)
    until(resident, "document.querySelectorAll('[data-chosen] img').length === 3")
    resident.set_input_files("#photos", [extra, extra])
    until(resident, "document.querySelectorAll('[data-chosen] img').length === 4")
    assert "最多 4 张照片" in resident.inner_text("[data-said]")
    assert fits(resident)
    assert found_by_axe(resident) == []
    for number in (4, 2):
        resident.get_by_role("button", name=f"移除第 {number} 张照片").click()
    assert "已选 2 张照片" in resident.inner_text("[data-said]")
    sizes = resident.evaluate("[...document.querySelector('#photos').files].map((file) => file.size)")
    assert sizes[0] < Path(large).stat().st_size / 2, "made smaller before it is sent"
    assert len(sizes) == 2

    resident.get_by_label("建议", exact=True).check()
    take_time(resident)
    resident.get_by_role("button", name="提交", exact=True).click()
    resident.wait_for_selector(".error-summary")
    assert resident.locator("input[name=kept_photo]").count() == 2, (
        "the words were forgotten, the photos stay"
    )
    assert resident.locator(".thumbs img").evaluate_all("all => all.every((one) => one.naturalWidth === 240)")
    assert fits(resident)
    assert found_by_axe(resident) == []
    resident.get_by_label("您想说什么？").fill(WORDS)
    resident.get_by_label("同意在专人遮盖个人信息后").check()
    hand_in(resident)
    return str(resident.inner_text("#reference"))


def cover_and_show(dispatcher: Any, reference: str) -> None:
    """Drag over three squares in the upper left corner, add a fourth by the keys, and show it."""
    dispatcher.goto("/desk/photos")
    assert found_by_axe(dispatcher) == []
    go_by(dispatcher, dispatcher.get_by_role("link", name=f"{reference} 的第 1 张照片"))
    until(dispatcher, "document.querySelector('[data-cover] img').naturalWidth > 0")
    squares = dispatcher.locator("[data-cover] input")
    boxes = [squares.nth(place).bounding_box() for place in range(3)]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    dispatcher.mouse.move(*middles[0])
    dispatcher.mouse.down()
    for middle in middles[1:]:
        dispatcher.mouse.move(*middle, steps=3)
    dispatcher.mouse.up()
    assert dispatcher.locator("[data-cover] input:checked").count() == 3

    squares.nth(0).focus()
    for key in ("ArrowDown", *["ArrowRight"] * 6, "Space"):
        dispatcher.keyboard.press(key)
    assert squares.nth(SEVENTH).is_checked()
    assert dispatcher.locator("[data-cover] input:checked").count() == 4
    assert found_by_axe(dispatcher) == []
    dispatcher.get_by_role("button", name="向公众展示", exact=True).click()
    dispatcher.wait_for_url("**/desk/**/photos/**")


def assert_covered(content: bytes) -> None:
    """Three squares from the corner and the seventh of the second row are black, what is beside them isn't."""
    image = opened(content)
    width, height = image.size
    side = width / COLUMNS
    for column in (0.5, 1.5, 2.5):
        assert is_black(image.getpixel((int(column * side), int(side / 2))))
    assert is_black(image.getpixel((int(6.5 * side), int(1.5 * side))))
    assert is_red(image.getpixel((int(3.6 * side), int(side / 2))))
    assert is_red(image.getpixel((int(5.4 * side), int(1.5 * side))))
    assert is_blue(image.getpixel((width // 2, height - 5)))
    assert is_silent(content)


def test_photos_without_script(site: Site, visitor: Callable[..., Any], pictures: list[str]) -> None:
    """The browser's own field, the page that comes back with what it carries, and checkboxes for the squares."""
    resident = visitor(phone=True, java_script_enabled=False)
    resident.goto("/plans/taijiang-14/6.3.1/feedback")
    resident.locator("summary", has_text="添加照片").click()
    assert not resident.locator("#camera").is_visible()
    resident.set_input_files("#photos", pictures[1:])
    resident.get_by_label("建议", exact=True).check()
    with resident.expect_navigation():
        resident.get_by_role("button", name="提交", exact=True).click()
    assert resident.locator("input[name=kept_photo]").count() == 2
    resident.get_by_label("不提交第 2 张照片").check()
    resident.get_by_label("您想说什么？").fill(WORDS + "没有脚本。")
    resident.get_by_label("同意在专人遮盖个人信息后").check()
    hand_in(resident)
    reference = resident.inner_text("#reference")
    resident.goto("/track/case")
    assert resident.locator(".thumbs img").count() == 1
    assert reference in resident.inner_text("main")
