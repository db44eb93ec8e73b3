"""What is said of a photo: by its own state, and by that of the message it came with."""

from __future__ import annotations

from civic.cases.rules.vocabulary import PhotoState
from civic.core.errors import N_


def photo_words(state: PhotoState, *, erased: bool, expected: bool, visible: bool) -> str:
    """One sentence (a msgid) for the writer and for the desk.

    ``expected``: the message is public or may become so. ``visible``: it's public now.
    """
    if erased:
        return N_("Erased")
    if state is PhotoState.HELD or not expected:
        return N_("Not public; the department sees it")
    if state is PhotoState.WAITING:
        return N_("Not public yet: a person looks at it first")
    return (
        N_("Public together with the message") if visible else N_("Will be public together with the message")
    )
