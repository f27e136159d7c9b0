"""COLD. What one check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """One line of ``doctor``: what was proven, or a problem and its fix."""

    text: str
    fix: str = ""
    """What to do; "" means that all is well."""
    is_note: bool = False
    """Outside of what install can reach: to know."""
    is_row: bool = False
    """A line of a table: its blanks count."""

    @property
    def ok(self) -> bool:
        """No problem."""
        return self.is_note or not self.fix
