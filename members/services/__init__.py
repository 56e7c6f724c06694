"""The only code that changes members and their people, except for the admin."""
