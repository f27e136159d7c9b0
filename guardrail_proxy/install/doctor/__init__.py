"""COLD. Health checks of an installed guard; each problem comes with its fix.

``doctor(home)`` yields what each check found: read the table CHECKS first.
"""

from guardrail_proxy.install.doctor.checks import doctor

__all__ = ["doctor"]
