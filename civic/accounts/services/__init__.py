"""What people can do with accounts, one function per intention."""

from civic.accounts.services.absences import NewAbsence, end_absence, enter_absence
from civic.accounts.services.attempts import note_failed_code, note_failed_sign_in
from civic.accounts.services.inviting import (
    issue_password_link,
    revoke_password_link,
    send_password_link,
    set_password_by_link,
)
from civic.accounts.services.people import (
    NewAccount,
    activate_account,
    create_account,
    deactivate_account,
    grant_role,
    rename_account,
    revoke_role,
    set_own_password,
)
from civic.accounts.services.second_factor import (
    cancel_second_factor_reset,
    confirm_second_factor_reset,
    make_recovery_codes,
    request_second_factor_reset,
    set_up_second_factor,
    use_code,
    use_recovery_code,
)
from civic.accounts.services.sessions import (
    end_session,
    note_seen,
    revoke_other_sessions,
    revoke_session,
    revoke_sessions,
    start_session,
)
from civic.accounts.services.telling import begin_digests, mark_notices_seen, note_digest, switch_digest

__all__ = [
    "NewAbsence",
    "NewAccount",
    "activate_account",
    "begin_digests",
    "cancel_second_factor_reset",
    "confirm_second_factor_reset",
    "create_account",
    "deactivate_account",
    "end_absence",
    "end_session",
    "enter_absence",
    "grant_role",
    "issue_password_link",
    "make_recovery_codes",
    "mark_notices_seen",
    "note_digest",
    "note_failed_code",
    "note_failed_sign_in",
    "note_seen",
    "rename_account",
    "request_second_factor_reset",
    "revoke_other_sessions",
    "revoke_password_link",
    "revoke_role",
    "revoke_session",
    "revoke_sessions",
    "send_password_link",
    "set_own_password",
    "set_password_by_link",
    "set_up_second_factor",
    "start_session",
    "switch_digest",
    "use_code",
    "use_recovery_code",
]
