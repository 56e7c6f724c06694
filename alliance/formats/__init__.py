"""Formats that differ from Django's. See ``FORMAT_MODULE_PATH``."""
