"""What the desk itself keeps beside the law of a case, one function per intention."""

from civic.desk.services.hints import set_hint_aside

__all__ = ["set_hint_aside"]
