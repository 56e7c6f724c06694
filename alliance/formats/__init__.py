"""Formats of a language where Django's differ from what its readers expect; see Django's FORMAT_MODULE_PATH."""
