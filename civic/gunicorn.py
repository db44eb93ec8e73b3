"""How gunicorn runs the site: threads, because a slow photo upload must not hold up a worker."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
graceful_timeout = 15
timeout = 60
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = None
errorlog = "-"
loglevel = "warning"
# Read once and shared by all web processes; one that ends unexpectedly is followed at once by the next.
preload_app = True


def on_starting(_server: object) -> None:
    """Before the address is listened on, so that no page is asked for meanwhile."""
    from civic.core.starting import get_ready
    from wsgi import app

    get_ready(app)


def post_fork(_server: object, _worker: object) -> None:
    """No web process shares a database connection with another."""
    from civic.core.extensions import db
    from wsgi import app

    with app.app_context():
        db.engine.dispose(close=False)
