"""Views of members and people."""
