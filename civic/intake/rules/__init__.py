"""The rules of the resident's side: what people misread on a receipt, and what becomes of a message that looks odd."""

from civic.intake.rules.abuse import Decision, Limits, Outcome, Proof, Signs, decide
from civic.intake.rules.advertising import is_advertising
from civic.intake.rules.receipts import mend_code, mend_reference, read_receipt

__all__ = [
    "Decision",
    "Limits",
    "Outcome",
    "Proof",
    "Signs",
    "decide",
    "is_advertising",
    "mend_code",
    "mend_reference",
    "read_receipt",
]
