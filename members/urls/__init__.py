"""URLs of members and people."""
