"""The day that windows of time end on."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Day:
    """The day that windows end on, and the money amounts are summed in.

    today: on the company's calendar; now: an instant in the store's form.
    """

    today: date
    now: str
    currency: str

    def ago(self, days: int) -> str:
        """Return the date so many days before today."""
        return (self.today - timedelta(days=days)).isoformat()
