"""Forms of members and people."""
