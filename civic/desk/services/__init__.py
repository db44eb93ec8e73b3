"""What the desk itself keeps beside the law of a case, one function per intention."""

from civic.desk.services.hints import set_hint_aside
from civic.desk.services.lists import delete_list, forget_lists, move_list, rename_list, save_list
from civic.desk.services.templates import NewTemplate, change_template, create_template

__all__ = [
    "NewTemplate",
    "change_template",
    "create_template",
    "delete_list",
    "forget_lists",
    "move_list",
    "rename_list",
    "save_list",
    "set_hint_aside",
]
