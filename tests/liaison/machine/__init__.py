"""A state machine over the lanes of one agency: see :mod:`.rules`; :mod:`tests.liaison.test_channel_machine` runs it."""
