"""Database sessions with a shorter age for anonymous visitors."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from alliance.lib.uploads import MAY_UPLOAD

# Long enough to log in again and recover an unsaved form, short enough to keep few anonymous sessions.
ANONYMOUS_SECONDS = 3600
# The session of an applicant, who has no account, while they fill in the application. Each saved page extends it.
APPLICANT_SECONDS = 12 * 3600


class SessionStore(db.SessionStore):
    """Django's database session store with a shorter age for anonymous sessions."""

    def get_session_cookie_age(self) -> int:
        """Return the maximum age of the session and its cookie in seconds."""
        age = super().get_session_cookie_age()
        if SESSION_KEY in self:
            return age
        return min(age, APPLICANT_SECONDS if MAY_UPLOAD in self else ANONYMOUS_SECONDS)
