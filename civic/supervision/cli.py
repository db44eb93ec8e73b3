"""Commands of supervision."""

from __future__ import annotations

import json
from collections.abc import Callable

import click
from flask import Flask

from civic.core.actor import SYSTEM, Actor, ActorKind, Grant, Role
from civic.core.clock import now
from civic.core.commands import civic_commands
from civic.core.errors import DomainError
from civic.departments import queries as departments
from civic.supervision import queries, services
from civic.supervision.documents import summary_document, topics_document
from civic.supervision.forms import read_choice, read_topic_choice, read_warning_filter
from civic.supervision.queries import WarningRow
from civic.supervision.queries.opinions import opinion_table
from civic.supervision.rules import Scope
from civic.supervision.rules.warning_rules import RuleKey, Severity

READER = Actor(ActorKind.SYSTEM, name="command line", grants=frozenset({Grant(Role.AUDITOR)}))


def _narrowing(command: Callable[..., None]) -> Callable[..., None]:
    for scope in reversed(Scope):
        command = click.option(
            f"--{scope.value}", help=f"Only what belongs to this {scope.value} (its key)."
        )(command)
    return command


@civic_commands.command("summary")
@click.option("--from", "since", help="First day, 2026-11-01.")
@click.option("--to", "until", help="Last day, 2026-11-30.")
@click.option("--period", help="Instead of days: 2026, 2026-Q3, 2026-11, or plan for the plan to date.")
@click.option("--by", type=click.Choice([scope.value for scope in Scope]), default=Scope.DEPARTMENT.value)
@_narrowing
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def summary_command(since: str | None, until: str | None, period: str | None, by: str, as_json: bool,
                    **narrowed: str | None) -> None:  # fmt: skip
    """Print the supervision summary of a period."""
    if period and (since or until):
        raise click.UsageError("--period stands instead of --from and --to.")
    at = now()
    asked = {"since": since, "until": until, "period": period, "by": by, **narrowed}
    given = {name: value for name, value in asked.items() if value}
    try:
        choice = read_choice(given, departments.local_day(at))
        found = queries.overview(READER, choice, at)
        opinions = opinion_table(READER, choice, at)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(summary_document(found, opinions), ensure_ascii=False, indent=1))
        return
    page = found.summary
    if found.begun is None:
        click.echo("the period has not begun: it has no figures yet")
        return
    for row in page.rows:
        f = row.figures
        click.echo(
            f"{row.name.hans or row.name.msgid}: {f.received} received, {f.replied.part}/{f.replied.whole} on time, "
            f"{f.open} open, {f.overdue} overdue"
        )
    click.echo(f"total: {page.total.received} received, {page.total.open} open, {page.total.overdue} overdue")
    if opinions:
        o = opinions.total
        click.echo(
            f"opinions: {o.given} given, {o.answered.part}/{o.answered.whole} answered on time, {o.open} open, "
            f"{o.overdue} overdue"
        )


@civic_commands.command("warnings")
@click.option("--department", default="", help="Key of a department, or none.")
@click.option("--rule", type=click.Choice([rule.value for rule in RuleKey]))
@click.option("--severity", type=click.Choice([severity.value for severity in Severity]))
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def warnings_command(department: str, rule: str | None, severity: str | None, as_json: bool) -> None:
    """Print what the rules of warning warn of now, each with its reason."""
    try:
        wanted = read_warning_filter(
            {"department": department, "rule": rule or "", "severity": severity or ""}
        )
        found = [_said(row) for row in queries.all_warnings(READER, wanted, now())]
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        rules = [stored.as_stored for stored in queries.warning_rules()]
        click.echo(json.dumps({"rules": rules, "warnings": found}, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(
            f"{one['severity']} {one['rule']} {one['department'] or 'none'} {one['subject']}: {one['reason']}"
        )
    click.echo(f"{len(found)} warnings")


def _said(row: WarningRow) -> dict[str, str | None]:
    item = f"{row.item.plan_slug} {row.item.code}" if row.item else ""
    key = row.department.key if row.department else None
    return {
        "severity": row.warned.severity.value,
        "rule": row.warned.rule.value,
        "department": key,
        "subject": row.case.reference if row.case else item or key,
        "value": str(row.warned.value),
        "reason": row.warned.reason.english,
    }


@civic_commands.command("topics")
@click.option("--from", "since", help="First day, 2026-11-01; without days the last four weeks.")
@click.option("--to", "until", help="Last day, 2026-11-30.")
@click.option("--chapter", help="Only messages on this chapter, taijiang-14:6; none: on no item.")
@click.option("--street", help="Only messages from this street, by its code; none: from no street.")
@click.option("--stored", is_flag=True, help="As last read by the worker, without reading all messages anew.")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def topics_command(
    since: str | None, until: str | None, chapter: str | None, street: str | None, stored: bool, as_json: bool
) -> None:
    """Print what residents talk about: topics, the hottest first, and messages that say nearly the same."""
    at = now()
    args = {"since": since or "", "until": until or "", "chapter": chapter or "", "street": street or ""}
    try:
        choice = read_topic_choice(args, departments.local_day(at))
        if not stored:
            services.sweep_topics(at)
        page = queries.topics(READER, choice)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(topics_document(page), ensure_ascii=False, indent=1))
        return
    for row in page.rows:
        mark = f" ({row.mark})" if row.mark else ""
        click.echo(
            f"{row.phrase}{mark}: heat {row.counted.heat}, {row.counted.n} public messages of "
            f"{row.counted.writers} writers in {row.counted.street_count} streets"
        )
    click.echo(
        f"{len(page.rows)} of {page.row_count} topics, {len(page.groups)} of {page.group_count} groups of messages "
        "that say nearly the same"
    )


@civic_commands.command("verify-assessments")
def verify_assessments_command() -> None:
    """Compute the seal of every published assessment anew; fails if one no longer fits."""
    found = queries.verify_seals()
    for one in found:
        said = "intact" if one.intact else f"BROKEN: sealed as {one.seal}, found {one.found}"
        click.echo(f"{one.plan_slug} {one.number}: {said}")
    broken = [one for one in found if not one.intact]
    click.echo(f"{len(found)} sealed, {len(broken)} broken")
    if broken:
        raise click.ClickException("what was published has been changed")


@civic_commands.command("seal-period")
@click.argument("period")
def seal_period_command(period: str) -> None:
    """Seal a month, quarter or year that is over (2026-11, 2026-Q4, 2026); the worker does it by itself."""
    try:
        number = services.seal_period(SYSTEM, period, now())
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{period} is sealed as number {number}.")


@civic_commands.command("verify-snapshots")
@click.argument("numbers", nargs=-1, type=click.IntRange(1, 2**31 - 1))
def verify_snapshots_command(numbers: tuple[int, ...]) -> None:
    """Compute sealed periods again from the events of then; fails if one no longer comes out to the byte."""
    found = queries.verify_snapshots(numbers)
    unknown = sorted(set(numbers) - {one.number for one in found})
    if unknown:
        raise click.ClickException(f"nothing is sealed as number {', '.join(map(str, unknown))}")
    for one in found:
        seal = "fits its seal" if one.fits_seal else "DOES NOT FIT ITS SEAL"
        again = "comes out again" if one.reproduced else "DOES NOT COME OUT AGAIN"
        click.echo(f"{one.number} {one.period}: {seal}, {again} from the events")
    broken = [one for one in found if not one.intact]
    click.echo(f"{len(found)} sealed, {len(broken)} broken")
    if broken:
        raise click.ClickException("what was sealed is no longer what the events say")


def init_app(app: Flask) -> None:
    """The command hangs on the group by being imported."""
