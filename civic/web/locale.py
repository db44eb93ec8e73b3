"""Languages: Simplified Chinese has no prefix, ``/zh-hant`` and ``/en`` do.

A WSGI middleware moves the prefix from the path to SCRIPT_NAME, so routes are written
once and ``url_for`` keeps the language by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from babel.support import Translations
from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, force_locale
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIXES = {"zh-hant": "zh_Hant", "en": "en"}
DEFAULT = "zh_Hans"
LANG = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"}
NAMES = {"zh_Hans": "简体", "zh_Hant": "繁體", "en": "English"}
ENVIRON_KEY = "civic.locale"
SAFE_IN_PATH = "/:@!$&'()*+,;=~"


class LocalePrefix:
    """Takes ``/en`` or ``/zh-hant`` off the path before routing."""

    def __init__(self, wsgi_app: WSGIApplication) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        first, _, rest = path.lstrip("/").partition("/")
        if path.startswith("/") and first in PREFIXES and not rest.startswith("static/"):
            environ[ENVIRON_KEY] = PREFIXES[first]
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
        return self.wsgi_app(environ, start_response)


def current_locale() -> str:
    """``zh_Hans``, ``zh_Hant`` or ``en``: from the address, Simplified outside a request."""
    if not has_request_context():
        return DEFAULT
    found: str = request.environ.get(ENVIRON_KEY, DEFAULT)
    return found


def hans_or_hant(hans: str, hant: str | None) -> str:
    """An official text is never reworded: Traditional where the reader chose it and it is stored, else as it is."""
    return hant if hant and current_locale() == "zh_Hant" else hans


def chinese_or_english(hans: str, hant: str | None, english: str | None) -> str:
    """A name that has an English form as well (departments, streets, areas)."""
    if english and current_locale() == "en":
        return english
    return hans_or_hant(hans, hant)


def page_path() -> str:
    """Path of the page that the reader looks at, without language.

    A page made in answer to a form may stand at an address that only takes forms
    (``/track/case/rate``): then it is the page that the form belongs to (``/track/case``).
    """
    path = request.path
    if request.method in {"GET", "HEAD"}:
        return path
    while path != "/" and not _can_be_opened(path):
        path = path.rstrip("/").rpartition("/")[0] or "/"
    return path


def _can_be_opened(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def switch_locale_url(locale: str) -> str:
    """The same page in another language."""
    prefix = next((f"/{p}" for p, code in PREFIXES.items() if code == locale), "")
    own = next((f"/{p}" for p, code in PREFIXES.items() if code == current_locale()), "")
    root = request.script_root.removesuffix(own)
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return f"{root}{prefix}{quote(page_path(), safe=SAFE_IN_PATH)}{query}"


def static_url(file: str) -> str:
    """Address of a static file with a content hash: the same in every language, kept for a year by browsers."""
    own = next((f"/{p}" for p, code in PREFIXES.items() if code == current_locale()), "")
    root = request.script_root.removesuffix(own) if has_request_context() else ""
    return f"{root}/static/{file}?v={_fingerprint(file)}"


def _fingerprint(file: str) -> str:
    known: dict[str, tuple[float, str]] = current_app.extensions.setdefault("civic.static", {})
    path = Path(str(current_app.static_folder)) / file
    changed = path.stat().st_mtime
    if file not in known or known[file][0] != changed:
        known[file] = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:10])
    return known[file][1]


@contextmanager
def in_language(locale: str) -> Iterator[None]:
    """Speak a language outside a request, for a message: translations, names, and addresses with its prefix."""
    prefix = next((f"/{p}" for p, code in PREFIXES.items() if code == locale), "")
    base = current_app.extensions["settings"].base_url + prefix
    with (
        current_app.test_request_context("/", base_url=base, environ_overrides={ENVIRON_KEY: locale}),
        force_locale(locale),
    ):
        yield


def _translate_templates(app: Flask) -> None:
    """Templates look their messages up at once: Flask-Babel's own way there takes a tenth of the time of a page."""
    folder = app.config["BABEL_TRANSLATION_DIRECTORIES"]

    @cache
    def read(locale: str) -> Any:
        return Translations.load(folder, [locale])

    def translations() -> Any:
        return read(current_locale())

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: translations().ugettext(message),
        ngettext=lambda singular, plural, n: translations().ungettext(singular, plural, n),
        newstyle=True,
    )


def init_app(app: Flask) -> None:
    babel = Babel()
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(Path(app.root_path) / "translations"))
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "zh_Hans")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    babel.init_app(app, locale_selector=current_locale)
    app.wsgi_app = LocalePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    _translate_templates(app)
    helpers: dict[str, Callable[..., Any]] = {
        "current_locale": current_locale,
        "hans_or_hant": hans_or_hant,
        "chinese_or_english": chinese_or_english,
        "static_url": static_url,
        "switch_locale_url": switch_locale_url,
    }
    app.jinja_env.globals.update(helpers)
    app.jinja_env.globals.update(LOCALES=LANG, LOCALE_NAMES=NAMES)
