"""What the desk itself keeps beside the law of a case, one function per intention."""

from civic.desk.services.drafting import draft_from_template
from civic.desk.services.duplicates import keep_apart, said_apart
from civic.desk.services.hints import set_hint_aside
from civic.desk.services.indexing import follow_load, follow_note, follow_words, rebuild_staff_index
from civic.desk.services.keeping import Typed, drop_kept, keep_text
from civic.desk.services.lists import delete_list, forget_lists, move_list, rename_list, save_list
from civic.desk.services.templates import NewTemplate, change_template, create_template, note_beginning

__all__ = [
    "NewTemplate",
    "Typed",
    "change_template",
    "create_template",
    "delete_list",
    "draft_from_template",
    "drop_kept",
    "follow_load",
    "follow_note",
    "follow_words",
    "forget_lists",
    "keep_apart",
    "keep_text",
    "move_list",
    "note_beginning",
    "rebuild_staff_index",
    "rename_list",
    "said_apart",
    "save_list",
    "set_hint_aside",
]
