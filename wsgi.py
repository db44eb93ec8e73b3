"""The WSGI entry point: ``gunicorn wsgi:app``."""

from civic.core.starting import made_for_good

with made_for_good():
    from civic import create_app

    app = create_app()
