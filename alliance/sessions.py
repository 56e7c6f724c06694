"""Sessions in PostgreSQL, as Django's own; those of people who are not logged in end sooner."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

# Long enough to log in again and find what was typed, and too short for strangers' sessions to pile up.
ANONYMOUS_SECONDS = 3600


class SessionStore(db.SessionStore):
    """Django's store in the database, with a shorter age for anonymous sessions."""

    def get_session_cookie_age(self) -> int:
        """Return the age of the session and of its cookie in seconds."""
        age = super().get_session_cookie_age()
        return age if SESSION_KEY in self else min(age, ANONYMOUS_SECONDS)
