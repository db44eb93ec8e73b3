"""Commands: whether every file still has its bytes."""

from __future__ import annotations

import hashlib

import click

from civic.core.commands import civic_commands
from civic.files import queries, storage


@civic_commands.command("check-files")
def check_files_command() -> None:
    """Compare every stored file with its bytes; after a restore this tells whether the two belong together.

    Bytes without a row come from an upload that was broken off; they are named and may be deleted.
    """
    known = {row.key: row for row in queries.all_files()}
    wrong = 0
    for row in known.values():
        path = storage.path_of(row.key)
        if not path.is_file():
            click.echo(f"missing: {row.key} {row.name}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
            click.echo(f"changed: {row.key} {row.name}")
        else:
            continue
        wrong += 1
    for key in storage.stored_keys():
        if key not in known:
            click.echo(f"without a row: {storage.path_of(key)}")
    click.echo(f"{len(known)} files, {wrong} missing or changed")
    if wrong:
        raise SystemExit(1)
