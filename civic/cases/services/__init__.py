"""Everything that can be done to a case, one function per intention, all through one ``apply``.

Call them inside ``core.db.unit_of_work``. They raise :class:`NotFound` for what isn't the
actor's business, :class:`NotAllowed` with the reason, :class:`Stale` if the case changed since
the actor saw ``version``, and :class:`Invalid` at the field to blame.
"""

from civic.cases.services.applying import State
from civic.cases.services.attaching import attach_file, remove_attachment
from civic.cases.services.counting import StatsDifference, check_stats, last_event, rebuild_stats, recount
from civic.cases.services.dispatching import (
    approve_extension,
    designate_case,
    escalate_case,
    merge_case,
    refuse_extension,
    route_case,
    transfer_case,
    unmerge_case,
)
from civic.cases.services.erasing import erase_contact, erase_words
from civic.cases.services.following import Followed, follow_change, is_for_worker
from civic.cases.services.handing_over import hand_over_cases
from civic.cases.services.handling import (
    accept_case,
    add_note,
    ask_resident,
    assign_case,
    contribute_part,
    hand_back_case,
    invite_departments,
    request_extension,
    resume_case,
    return_case,
    take_case,
    withdraw_invitation,
)
from civic.cases.services.judging import rate_reply, reopen_case
from civic.cases.services.loading import Loaded, almanac, load_past_cases, places
from civic.cases.services.notices import end_notices, switch_notices
from civic.cases.services.photos import MOST_PHOTOS, decide_photo
from civic.cases.services.reaching import (
    ContactView,
    code_again,
    leave,
    note_reading,
    reissue_code,
    reveal_contact,
    show_own_contact,
    touch_presence,
)
from civic.cases.services.recomputing import (
    EVERY_CASE,
    Concerned,
    Portion,
    days_where,
    preview_deadlines,
    recompute_deadlines,
    recompute_portion,
)
from civic.cases.services.replying import (
    approve_reply,
    conceal_reply,
    correct_reply,
    draft_correction,
    draft_reply,
    publish_reply,
    send_back_reply,
    send_for_approval,
)
from civic.cases.services.resident import (
    add_information,
    appeal_case,
    revoke_consent,
    withdraw_case,
)
from civic.cases.services.reviewing import (
    decline_case,
    keep_private,
    remask_case,
    review_publication,
    unpublish_case,
)
from civic.cases.services.submission import (
    NewContact,
    NewFeedback,
    Receipt,
    receipt_of,
    release_held,
    submit_feedback,
)
from civic.cases.services.succeeding import pass_cases
from civic.cases.services.summing import sum_up
from civic.cases.services.supporting import show_supports, support_voice, take_back_support
from civic.cases.services.sweeping import SweepReport, sweep

__all__ = [
    "EVERY_CASE",
    "MOST_PHOTOS",
    "Concerned",
    "ContactView",
    "Followed",
    "Loaded",
    "NewContact",
    "NewFeedback",
    "Portion",
    "Receipt",
    "State",
    "StatsDifference",
    "SweepReport",
    "accept_case",
    "add_information",
    "add_note",
    "almanac",
    "appeal_case",
    "approve_extension",
    "approve_reply",
    "ask_resident",
    "assign_case",
    "attach_file",
    "check_stats",
    "code_again",
    "conceal_reply",
    "contribute_part",
    "correct_reply",
    "days_where",
    "decide_photo",
    "decline_case",
    "designate_case",
    "draft_correction",
    "draft_reply",
    "end_notices",
    "erase_contact",
    "erase_words",
    "escalate_case",
    "follow_change",
    "hand_back_case",
    "hand_over_cases",
    "invite_departments",
    "is_for_worker",
    "keep_private",
    "last_event",
    "leave",
    "load_past_cases",
    "merge_case",
    "note_reading",
    "pass_cases",
    "places",
    "preview_deadlines",
    "publish_reply",
    "rate_reply",
    "rebuild_stats",
    "receipt_of",
    "recompute_deadlines",
    "recompute_portion",
    "recount",
    "refuse_extension",
    "reissue_code",
    "release_held",
    "remask_case",
    "remove_attachment",
    "reopen_case",
    "request_extension",
    "resume_case",
    "return_case",
    "reveal_contact",
    "review_publication",
    "revoke_consent",
    "route_case",
    "send_back_reply",
    "send_for_approval",
    "show_own_contact",
    "show_supports",
    "submit_feedback",
    "sum_up",
    "support_voice",
    "sweep",
    "switch_notices",
    "take_back_support",
    "take_case",
    "touch_presence",
    "transfer_case",
    "unmerge_case",
    "unpublish_case",
    "withdraw_case",
    "withdraw_invitation",
]
