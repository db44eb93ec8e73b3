"""``flask civic rotate-contact-keys``."""

from __future__ import annotations

import click

from civic.core import clock, rotation
from civic.core.commands import civic_commands
from civic.core.rotation import Seal


@civic_commands.command("rotate-contact-keys")
@click.option("--check", is_flag=True, help="Only count; exit 1 while something lies under an older key.")
def rotate_contact_keys(check: bool) -> None:
    """Encrypt contacts, subscribers' addresses and second factors again under the first of CIVIC_CONTACT_KEYS.

    Afterwards the older keys may be taken out. Running it twice changes nothing.
    """
    found = rotation.look_through() if check else rotation.rotate_all(clock.now())
    lost = [one for one in found if one.seal is Seal.UNOPENABLE]
    older = sum(one.seal is Seal.OLDER for one in found)
    for one in lost:
        click.echo(f"no key opens {one.table}.{one.column} of row {one.row_id}")
    done = "under an older key" if check else "encrypted again with the newest key"
    click.echo(f"{len(found)} values, {older} {done}, {len(lost)} that no key opens")
    if lost or (check and older):
        raise SystemExit(1)
