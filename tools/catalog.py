"""Translations: extract, fill in Chinese, generate Traditional, check that nothing is missing, compile.

``python -m tools.catalog fill FILE.json``   put translations ({msgid: Chinese}) into zh_Hans
``python -m tools.catalog update``           extract msgids, drop what is no longer used, regenerate zh_Hant
``python -m tools.catalog check``            fail on a missing translation or an outdated catalogue
``python -m tools.catalog missing``          print the msgids without Chinese as JSON, ready to be filled
``python -m tools.catalog prune``            forget the translations of msgids that are gone
``python -m tools.catalog compile``          write the .mo files

English msgids are the English interface. Simplified Chinese is written by people;
Traditional is generated from it with OpenCC (Taiwan terms, s2twp) and the overrides in
``civic/translations/zh_Hant.overrides.json``: ``terms``, words that stand for a Simplified word wherever it occurs,
because Taiwan's word for it in software isn't its word in an office; and ``messages``, whole sentences by msgid.
"""

from __future__ import annotations

import fcntl
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "civic" / "translations"
METHODS = [("civic/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "N_": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
OPTIONS = {"templates/**.html": {"trimmed": "true"}, "templates/**.txt": {"trimmed": "true"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")


def po_path(locale: str) -> Path:
    return HOME / locale / "LC_MESSAGES" / "messages.po"


def extract() -> Catalog:
    """All msgids in the code and the templates, in a stable order."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(ROOT, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_ours)
    for filename, _line, message, comments, context in sorted(found, key=lambda m: (m[0], m[1])):
        catalog.add(message, None, [(filename, 1)], auto_comments=comments, context=context)
    return catalog


def _ours(path: str | Path) -> bool:
    return not any(part.startswith(".") or part in {"instance", "node_modules"} for part in Path(path).parts)


def load(locale: str) -> Catalog:
    path = po_path(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def merged(filled: dict[str, str]) -> Catalog:
    """The Simplified catalogue: this moment's msgids with the translations known so far and ``filled``."""
    before = load("zh_Hans")
    known = {_key(m): m.string for m in (*before.obsolete.values(), *before) if m.id}
    fresh = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False, project="civic", creation_date=None)
    for message in sorted((m for m in extract() if m.id), key=_key):
        string = known.get(_key(message), "")
        if _key(message) in filled:
            new = filled[_key(message)]
            string = (new,) if message.pluralizable else new
        if message.pluralizable and isinstance(string, str):
            string = (string,)
        files = sorted({(name, None) for name, _ in message.locations})
        fresh.add(message.id, string, files)
    # A translation whose msgid has gone stays as obsolete: it comes back with its msgid.
    used = {_key(message) for message in fresh if message.id}
    for key in sorted(set(known) - used):
        fresh.obsolete[key] = Message(key, known[key] if isinstance(known[key], str) else known[key][0])
    return fresh


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def as_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, omit_header=False, include_lineno=False, width=110)
    text = out.getvalue().decode()
    # Dates in the header would change the file without a change of content.
    return re.sub(
        r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator)[^\n]*\n', "", text
    ).encode()


def write(locale: str, catalog: Catalog) -> None:
    po_path(locale).parent.mkdir(parents=True, exist_ok=True)
    po_path(locale).write_bytes(as_bytes(catalog))


def traditional(simplified: Catalog) -> Catalog:
    """The Traditional catalogue, by OpenCC with Taiwan terms; placeholders are left alone."""
    from opencc import OpenCC

    convert = _with_terms(OpenCC("s2twp").convert, OpenCC("s2tw").convert, overrides()["terms"])
    whole = overrides()["messages"]
    result = Catalog(locale="zh_Hant", charset="utf-8", fuzzy=False, project="civic", creation_date=None)
    for message in simplified:
        if not message.id:
            continue
        key = _key(message)
        if isinstance(message.string, tuple | list):
            string: str | tuple[str, ...] = tuple(whole.get(key, convert(s)) for s in message.string)
        else:
            string = whole.get(key, convert(message.string))
        result.add(message.id, string, message.locations)
    return result


@cache
def overrides() -> dict[str, dict[str, str]]:
    """What is said in Taiwan otherwise than OpenCC knows."""
    found: dict[str, dict[str, str]] = json.loads((HOME / "zh_Hant.overrides.json").read_text("utf-8"))
    return found


QUOTES = str.maketrans("“”‘’", "「」『』")


def _with_terms(
    convert: Callable[[str], str], by_character: Callable[[str], str], terms: dict[str, str]
) -> Callable[[str], str]:
    """OpenCC's conversion with our terms before its own; placeholders and titles of laws aren't reworded."""
    longest_first = sorted(terms, key=len, reverse=True)
    kept = re.compile("|".join([r"%\(\w+\)[sd]", "《[^》]*》", *map(re.escape, longest_first)]))

    def one(found: str) -> str:
        return by_character(found) if found.startswith("《") else terms.get(found, found)

    def converted(text: str) -> str:
        parts, at = [], 0
        for found in kept.finditer(text):
            parts += [convert(text[at : found.start()]), one(found[0])]
            at = found.end()
        return "".join([*parts, convert(text[at:])]).translate(QUOTES)

    return converted


def problems(catalog: Catalog) -> list[str]:
    """Messages without Chinese, or whose placeholders differ from the msgid's."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = set(PLACEHOLDER.findall(_key(message)))
        if isinstance(message.id, tuple):
            wanted |= set(PLACEHOLDER.findall(message.id[1]))
        for string in strings:
            if not string:
                found.append(f"no Chinese for {_key(message)!r} ({message.locations[0][0]})")
            elif not set(PLACEHOLDER.findall(string)) <= wanted:
                found.append(f"placeholders differ: {_key(message)!r} / {string!r}")
            elif _in_template(message) and "%" in PLACEHOLDER.sub("", string):
                found.append(f"a bare % breaks the page, write %%: {_key(message)!r} / {string!r}")
    return found


def _in_template(message: Message) -> bool:
    return any(name.startswith("templates/") for name, _line in message.locations)


@contextmanager
def _locked() -> Iterator[None]:
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def compile_all() -> None:
    for locale in ("zh_Hans", "zh_Hant"):
        with po_path(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, load(locale))


def update(filled: dict[str, str]) -> Catalog:
    with _locked():
        simplified = merged(filled)
        write("zh_Hans", simplified)
        write("zh_Hant", traditional(simplified))
        compile_all()
    return simplified


def check() -> list[str]:
    """What is wrong with the catalogues as they stand in the tree."""
    simplified = merged({})
    found = problems(simplified)
    if as_bytes(simplified) != po_path("zh_Hans").read_bytes():
        found.append("zh_Hans is outdated: run python -m tools.catalog update")
    found += [
        f"no such msgid: {key!r} (zh_Hant.overrides.json)"
        for key in overrides()["messages"]
        if key not in simplified
    ]
    if as_bytes(traditional(simplified)) != po_path("zh_Hant").read_bytes():
        found.append("zh_Hant is outdated: run python -m tools.catalog update")
    return found


def main(arguments: list[str]) -> int:
    match arguments:
        case ["fill", file]:
            filled: dict[str, str] = json.loads(Path(file).read_text("utf-8"))
            before = {_key(m): m.string for m in load("zh_Hans") if m.id and m.string}
            catalog = update(filled)
            for message in catalog:
                old = before.get(_key(message)) if message.id else None
                if old and old != message.string:
                    print(f"changed everywhere it stands: {_key(message)!r}: {old} -> {message.string}")
            unused = set(filled) - {_key(m) for m in catalog if m.id}
            for msgid in sorted(unused):
                print(f"not in code or templates: {msgid!r}")
            print(
                f"{len(filled) - len(unused)} filled; {len(problems(catalog))} problems remain in the whole catalogue"
            )
            return 0
        case ["update"]:
            for line in problems(update({})):
                print(line)
            return 0
        case ["check"]:
            found = check()
            print("\n".join(found) or "translations are complete")
            return 1 if found else 0
        case ["prune"]:
            with _locked():
                simplified = merged({})
                simplified.obsolete.clear()
                write("zh_Hans", simplified)
            return 0
        case ["compile"]:
            compile_all()
            return 0
        case ["missing"]:
            missing = [m for m in merged({}) if m.id and not any(m.string or ())]
            print(json.dumps({_key(m): "" for m in missing}, ensure_ascii=False, indent=1))
            return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
