"""What is said of a photo: never that it's public when it isn't, nor that somebody will look at what nobody will."""

from __future__ import annotations

from itertools import product

import pytest

from civic.cases.rules import PhotoState, photo_words

BOTH = (False, True)


@pytest.mark.parametrize(("state", "erased", "expected", "visible"), product(PhotoState, BOTH, BOTH, BOTH))
def test_words(state: PhotoState, erased: bool, expected: bool, visible: bool) -> None:
    words = photo_words(state, erased=erased, expected=expected, visible=visible)
    public = state is PhotoState.SHOWN and expected and visible and not erased
    assert words.startswith("Public ") == public
    assert (words == "Erased") == erased
    looked_at = state is PhotoState.WAITING and expected and not erased
    assert words.startswith("Not public yet") == looked_at
