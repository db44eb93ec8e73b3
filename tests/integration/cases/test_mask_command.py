"""``flask civic mask``: a text in, proposals out, nothing kept."""

from __future__ import annotations

import json

from flask import Flask


def test_proposals_name_place_kind_and_text(app: Flask) -> None:
    text = "我叫李小红，\n电话１３８５９１０００１１，工业路523号的路灯坏了"
    result = app.test_cli_runner().invoke(args=["civic", "mask"], input=text.encode())
    assert result.exit_code == 0, result.output
    places = json.loads(result.output)
    assert [(place["kind"], place["text"]) for place in places] == [
        ("name", "李小红"),
        ("phone", "１３８５９１０００１１"),
    ]
    assert all(text[place["start"] : place["end"]] == place["text"] for place in places)


def test_nothing_to_cover_is_an_empty_list(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["civic", "mask"], input="路灯坏了".encode())
    assert json.loads(result.output) == []


def test_another_encoding_is_told_what_to_do(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["civic", "mask"], input="我叫李小红".encode("gb18030"))
    assert result.exit_code == 1
    assert "Save it as UTF-8" in result.output
