"""Sample staff and sample cases, made only by what people could do themselves."""

from civic.demo.services.loading import Loaded, load_sample
from civic.demo.services.staffing import LogIn, log_ins

__all__ = ["Loaded", "LogIn", "load_sample", "log_ins"]
