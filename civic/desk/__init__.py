"""The department's side: queues, the page of a case, replies and approval, the dispatcher's triage and review."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages under ``/desk/``; what belongs to a case or an account follows it."""
    from civic.accounts.rules import AccountDeactivated
    from civic.cases.rules import CaseChanged, CasesLoaded, NoteAdded, RevisionsErased
    from civic.core.events import subscribe
    from civic.core.jobs import register_job
    from civic.departments.services import Part, register_part
    from civic.desk import cli  # noqa: F401 (its commands register themselves)
    from civic.desk.services import follow_load, follow_note, follow_words, forget_lists
    from civic.desk.services.keeping import follow_case, follow_leaver, follow_revisions, forget_kept_texts
    from civic.desk.services.passing import move_templates, template_holdings
    from civic.desk.views import bp

    subscribe(app, AccountDeactivated, forget_lists)
    subscribe(app, CaseChanged, follow_words)
    subscribe(app, CasesLoaded, follow_load)
    subscribe(app, NoteAdded, follow_note)
    register_part(app, "templates", Part(move_templates, template_holdings))
    app.register_blueprint(bp)
    subscribe(app, AccountDeactivated, follow_leaver)
    subscribe(app, CaseChanged, follow_case)
    subscribe(app, RevisionsErased, follow_revisions)
    register_job(app, "forget_kept_texts", 60, forget_kept_texts)
