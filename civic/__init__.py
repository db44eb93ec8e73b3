"""The civic platform: a five-year plan beside its progress, and residents' voices answered in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from civic.core.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    ``settings`` defaults to what the environment and the instance folder say
    (see :class:`civic.core.config.Settings`). Features are imported here and
    not at module level, so that importing one never starts another.
    """
    from pathlib import Path

    from civic.core.config import Settings, init_config

    # First: what is wrong with them is said before anything else is loaded.
    settings = settings or Settings()

    from civic.core.commands import init_commands
    from civic.core.extensions import init_extensions
    from civic.core.logs import init_logs
    from civic.features import init_features
    from civic.web import init_web

    root = Path(__file__).resolve().parent.parent
    app = Flask(
        "civic",
        root_path=str(root / "civic"),
        instance_path=str(settings.instance_path.resolve()),
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
    )
    init_config(app, settings)
    init_logs(app)
    init_extensions(app)
    init_commands(app)
    init_web(app)
    init_features(app)
    return app
