"""What the desk itself keeps beside the law of a case, one function per intention."""

from civic.desk.services.hints import set_hint_aside
from civic.desk.services.templates import NewTemplate, change_template, create_template

__all__ = ["NewTemplate", "change_template", "create_template", "set_hint_aside"]
