"""Names of what the audit trail records. Pure; what is not named here is shown by its code."""

from __future__ import annotations

from civic.core.errors import N_

ACT_NAMES = {
    "account_created": N_("Account created"),
    "account_renamed": N_("Account renamed"),
    "account_deactivated": N_("Account deactivated"),
    "account_activated": N_("Account activated"),
    "role_granted": N_("Role granted"),
    "role_revoked": N_("Role revoked"),
    "password_link_issued": N_("Link to set the password issued"),
    "password_set": N_("Password set"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "sign_in_failed": N_("Sign-in failed"),
    "sessions_revoked": N_("Signed out everywhere"),
    "second_factor_set_up": N_("Authenticator app set up"),
    "recovery_codes_made": N_("Recovery codes made"),
    "recovery_code_used": N_("Recovery code used"),
    "second_factor_reset_requested": N_("Reset of the second factor requested"),
    "second_factor_reset_confirmed": N_("Reset of the second factor confirmed"),
    "second_factor_reset_cancelled": N_("Reset of the second factor cancelled"),
    "case.read": N_("Case read"),
    "case.code_reissued": N_("New query code issued to a resident"),
    "case.contact_viewed": N_("Contact of a resident viewed"),
    "case.own_data_shown": N_("Own data handed out to the resident"),
    "case.contact_erased": N_("Contact erased at the resident's request"),
    "case.words_erased": N_("Words, photos and contact erased at the resident's request"),
    "contact_keys.rotate": N_("Contact data encrypted with the newest key"),
    "plan.import": N_("Plan imported"),
    "plan.publish": N_("Plan published"),
    "adjustment.announce": N_("Adjustment announced"),
    "adjustment.in_force": N_("Adjustment put into force"),
    "adjustment.withdraw": N_("Proposed adjustment withdrawn"),
    "district.load": N_("District data loaded"),
    "department.change": N_("Department changed"),
    "street.change": N_("Street changed"),
    "community.change": N_("Community changed"),
    "plan.change": N_("Plan data changed"),
    "item.change": N_("Names of an item changed"),
    "commitment.change": N_("Promise changed"),
    "responsibility.change": N_("Responsibility changed"),
}

SUBJECT_NAMES = {
    "case": N_("Case"),
    "district": N_("District"),
    "plan": N_("Plan"),
    "sign_in": N_("Address typed (hash)"),
}
"""What an act concerned, beside accounts, which are shown by name."""

WAYS_IN = {
    "password": N_("with password"),
    "authenticator": N_("with authenticator app"),
    "recovery_code": N_("with recovery code"),
}

FIELD_NAMES = {
    "key": N_("Key or code"),
    "code": N_("Key or code"),
    "name": N_("Official name"),
    "name_en": N_("English name"),
    "function": N_("Function"),
    "function_en": N_("Function in English"),
    "note": N_("Note"),
    "active": N_("In use"),
    "department_id": N_("Office"),
    "street_id": N_("Street"),
    "short_name": N_("Short name"),
    "short_name_en": N_("English name"),
    "document_number": N_("Document number"),
    "issued_on": N_("Issued on"),
    "issued_by": N_("Issued by"),
    "approved_on": N_("Approved on"),
    "approved_by": N_("Approved by"),
    "title": N_("Title"),
    "title_en": N_("Title in English"),
    "area": N_("Livelihood area"),
    "quote": N_("Quote"),
    "deadline": N_("Deadline"),
    "lead": N_("Lead"),
    "support": N_("Support"),
    "official": N_("Responsible official"),
}
"""Fields of the district's data, as the history of changes names them."""
