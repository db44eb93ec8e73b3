"""Names of what the audit trail records; a test finds acts without one. Pure."""

from __future__ import annotations

from civic.accounts.rules import PASSWORD_LINK_MAIL, SIGN_IN_CLOSED_MAIL
from civic.core.errors import N_
from civic.departments.rules import LevelKey

ACT_NAMES = {
    "account_created": N_("Account created"),
    "account_renamed": N_("Account renamed"),
    "account_deactivated": N_("Account deactivated"),
    "account_activated": N_("Account activated"),
    "sign_in_code_failed": N_("Wrong code after the right password"),
    "sign_in_closed": N_("Closed to more attempts for a while"),
    "session_revoked": N_("Signed out on another device"),
    "cases_handed_over": N_("Cases handed over"),
    "role_granted": N_("Role granted"),
    "role_revoked": N_("Role revoked"),
    "password_link_issued": N_("Link to set the password issued"),
    "password_link_revoked": N_("Link to set the password revoked"),
    "password_set": N_("Password set"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "sign_in_failed": N_("Sign-in failed"),
    "sessions_revoked": N_("Signed out everywhere"),
    "digest_switched": N_("Mail about the own work switched on or off"),
    "second_factor_set_up": N_("Authenticator app set up"),
    "recovery_codes_made": N_("Recovery codes made"),
    "recovery_code_used": N_("Recovery code used"),
    "second_factor_reset_requested": N_("Reset of the second factor requested"),
    "second_factor_reset_confirmed": N_("Reset of the second factor confirmed"),
    "second_factor_reset_cancelled": N_("Reset of the second factor cancelled"),
    "case.read": N_("Case read"),
    "cases.searched": N_("Cases searched by words"),
    "case.code_reissued": N_("New query code issued to a resident"),
    "case.notices_on": N_("Messages to a resident switched on"),
    "case.notices_off": N_("Messages to a resident switched off"),
    "delivery.again": N_("Delivery tried again"),
    "delivery.left": N_("Delivery left as it is"),
    "case.contact_viewed": N_("Contact of a resident viewed"),
    "case.own_data_shown": N_("Own data handed out to the resident"),
    "case.contact_erased": N_("Contact erased at the resident's request"),
    "reply.template_saved": N_("A template of replies saved"),
    "reply.hint_set_aside": N_("A hint about a reply set aside as not applicable"),
    "case.words_erased": N_("Words, photos and contact erased at the resident's request"),
    "contact_keys.rotate": N_("Contact data encrypted with the newest key"),
    "plan.import": N_("Plan imported"),
    "plan.publish": N_("Plan published"),
    "adjustment.announce": N_("Adjustment announced"),
    "adjustment.in_force": N_("Adjustment put into force"),
    "adjustment.withdraw": N_("Proposed adjustment withdrawn"),
    "district.load": N_("District data loaded"),
    "routing_rule.change": N_("Rule of routing changed"),
    "routing_rule.change_withdrawn": N_("Planned change of a rule dropped"),
    "attachment.add": N_("File attached to a case"),
    "attachment.remove": N_("File of a case taken away"),
    "case.kept_apart": N_("Cases found not to be one matter"),
    "calendar.change": N_("Working days changed"),
    "levels.change": N_("Deadlines changed"),
    "deadlines.order": N_("Moving of open deadlines left to the worker"),
    "deadlines.moved": N_("Open deadlines moved by the worker"),
    "levels.change_withdrawn": N_("Planned change of deadlines dropped"),
    "department.change": N_("Department changed"),
    "department.merge": N_("Merger of a department entered"),
    "department.split": N_("Split of a department entered"),
    "department.reorganisation_withdrawn": N_("Planned merger or split withdrawn"),
    "street.change": N_("Street changed"),
    "community.change": N_("Community changed"),
    "plan.change": N_("Plan data changed"),
    "item.change": N_("Names of an item changed"),
    "commitment.change": N_("Promise changed"),
    "responsibility.change": N_("Responsibility changed"),
    "department.change_withdrawn": N_("Planned change of a department dropped"),
    "street.change_withdrawn": N_("Planned change of a street dropped"),
    "community.change_withdrawn": N_("Planned change of a community dropped"),
    "calendar.change_withdrawn": N_("Planned change of working days dropped"),
    "plan.change_withdrawn": N_("Planned change of plan data dropped"),
    "item.change_withdrawn": N_("Planned change of the names of an item dropped"),
    "commitment.change_withdrawn": N_("Planned change of a promise dropped"),
    "responsibility.change_withdrawn": N_("Planned change of a responsibility dropped"),
    "plan.plain_summary": N_("Plain summary of an item saved"),
    "absence_entered": N_("Absence entered"),
    "absence_ended": N_("Absence ended early or taken back"),
    "photo.shown": N_("Photo of a case shown to the public"),
    "photo.held": N_("Photo of a case held back"),
    "file.store": N_("File uploaded"),
    "file.publish": N_("File made public"),
    "file.withdraw": N_("File taken down"),
    "observation.add": N_("Value of an indicator published"),
    "observation.correct": N_("Value of an indicator corrected"),
    "annual_target.add": N_("Target for a year set"),
    "annual_target.correct": N_("Target for a year corrected"),
    "budget.record": N_("Amount for a year published"),
    "update.save": N_("Report of progress saved"),
    "update.submit": N_("Report of progress laid before the lead"),
    "update.send_back": N_("Report of progress sent back"),
    "update.publish": N_("Report of progress published"),
    "update.discard": N_("Report of progress discarded"),
    "update.withdraw_file": N_("File of a report of progress taken down"),
    "assessment.open": N_("Assessment begun"),
    "assessment.renew": N_("Figures of an assessment gathered anew"),
    "assessment.write": N_("Text of an assessment saved"),
    "assessment.recommend": N_("Recommendation of an assessment saved"),
    "assessment.unrecommend": N_("Recommendation of an assessment removed"),
    "assessment.part": N_("Self-assessment of a department saved"),
    "assessment.hand_in": N_("Self-assessment of a department handed in"),
    "assessment.approve": N_("Assessment approved"),
    "assessment.reopen": N_("Approval of an assessment taken back"),
    "assessment.publish": N_("Assessment published and sealed"),
    "assessment.discard": N_("Assessment discarded"),
    "recommendation.follow_up": N_("Follow-up to a recommendation published"),
    "period_sealed": N_("Period of supervision sealed"),
    "opinion.take_over": N_("Opinion taken over from a deputy who has left"),
}

PART_NAMES = {
    "people": N_("People, with their roles"),
    "streets": N_("Streets whose office it is"),
    "items": N_("Items of the plans"),
    "rules": N_("Rules of routing"),
    "templates": N_("Prepared replies"),
}
"""What a department has that passes with it."""

DELIVERY_NAMES = {
    "notice_mail": N_("E-mail to a resident about the own case"),
    "notice_sms": N_("Text message to a resident about the own case"),
    "subscription_confirm": N_("E-mail that asks to confirm a subscription"),
    "subscription_digest": N_("E-mail with the news of a subscription"),
    PASSWORD_LINK_MAIL: N_("E-mail to a member of staff with a link to set the password"),
    SIGN_IN_CLOSED_MAIL: N_("E-mail to a member of staff about failed attempts to sign in"),
    "staff_digest": N_("E-mail to a member of staff about the own work"),
    "period_sealed_mail": N_("E-mail to a deputy about a sealed period"),
    **dict.fromkeys(
        ("case_script", "plain_script", "supervision_script", "update_script"),
        N_("Inside the house: a text in Traditional characters"),
    ),
}
"""What the outbox delivers; a kind that isn't named here is shown by its code."""

DELIVERY_STATES = {
    "waiting": N_("Waiting"),
    "claimed": N_("Being sent"),
    "done": N_("Delivered"),
    "failed": N_("Failed"),
    "uncertain": N_("Uncertain"),
    "dropped": N_("No longer wanted"),
    "left": N_("Left as it is"),
}

_REASONS = (
    ("worker_stopped", N_("The worker stopped while this was being sent.")),
    ("recipient_", N_("The mail server does not take mail for this address.")),
    ("sender_", N_("The mail server does not take mail from our address: look at CIVIC_SMTP_FROM.")),
    ("smtp_", N_("The mail server turned us away: look at user name and password.")),
    ("text_", N_("The mail server did not take this message.")),
    ("data_", N_("The mail server did not take this message.")),
    ("http_401", N_("The gateway does not accept our signature: look at CIVIC_SMS_KEY.")),
    ("http_403", N_("The gateway does not accept our signature: look at CIVIC_SMS_KEY.")),
    ("http_5", N_("The gateway was out of order.")),
    ("http_", N_("The gateway did not take this message.")),
)
"""What the codes of the ways out mean, by how they begin; the first that fits."""


def why_not_delivered(code: str, *, uncertain: bool) -> str:
    """A sentence for the code of a try, as a msgid."""
    for beginning, reason in _REASONS:
        if code.startswith(beginning):
            return reason
    if uncertain:
        return N_("It was handed over, and the connection was lost before an answer came.")
    return N_("The other side could not be reached.")


SUBJECT_NAMES = {
    "delivery": N_("Delivery"),
    "case": N_("Case"),
    "calendar": N_("Working days of a year"),
    "levels": N_("Deadlines"),
    "recomputation": N_("Moving of open deadlines"),
    "district": N_("District"),
    "routing_rule": N_("Rule of routing"),
    "reply_template": N_("Template"),
    "department": N_("Department"),
    "street": N_("Street"),
    "community": N_("Community"),
    "plan": N_("Plan"),
    "item": N_("Item"),
    "commitment": N_("Promise"),
    "responsibility": N_("Responsibility"),
    "adjustment": N_("Adjustment"),
    "observation": N_("Value of an indicator"),
    "annual_target": N_("Target for a year"),
    "budget": N_("Amount for a year"),
    "update": N_("Report of progress"),
    "assessment": N_("Assessment"),
    "recommendation": N_("Recommendation"),
    "snapshot": N_("Sealed period"),
    "opinion": N_("Opinion"),
    "file": N_("File"),
    "contact_keys": N_("Keys of contact data"),
    "sign_in": N_("Address typed (hash)"),
}
"""What an act concerned, beside accounts, which are shown by name."""

WAYS_IN = {
    "password": N_("with password"),
    "authenticator": N_("with authenticator app"),
    "recovery_code": N_("with recovery code"),
    "shown": N_("shown to hand over"),
    "mail": N_("sent by e-mail"),
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
    "notice_title": N_("Notice"),
    "notice_number": N_("Number of the notice"),
    "notice_date": N_("Date of the notice"),
    "url": N_("Link"),
    "days": N_("Special days"),
}
"""Fields of the district's data, as the history of changes names them."""

LEVEL_NAMES = {
    LevelKey.MODERATE: N_("Review before publication"),
    LevelKey.ACCEPT: N_("Accept a case"),
    LevelKey.RETURN: N_("Return a misrouted case"),
    LevelKey.QUESTION: N_("Answer to a question"),
    LevelKey.SUGGESTION: N_("Answer to a suggestion"),
    LevelKey.REPORT: N_("Answer to a reported problem"),
    LevelKey.COMPLAINT: N_("Answer to a complaint"),
    LevelKey.PRAISE: N_("Answer to praise"),
    LevelKey.EXTENSION: N_("Longest extension"),
    LevelKey.OPINION: N_("Answer to a deputy's opinion"),
    LevelKey.RATING: N_("Objection to an answer (calendar days)"),
}
"""The deadlines in words; working days unless the name says otherwise."""
FIELD_NAMES |= {key.value: name for key, name in LEVEL_NAMES.items()}
FIELD_NAMES |= {
    "accept_soon": N_("Acceptance: due soon"),
    "question_soon": N_("Question: due soon"),
    "suggestion_soon": N_("Suggestion: due soon"),
    "report_soon": N_("Reported problem: due soon"),
    "complaint_soon": N_("Complaint: due soon"),
    "praise_soon": N_("Praise: due soon"),
}
