"""A state machine over the channels of one agency, see :mod:`.rules`. Run by :mod:`tests.liaison.test_channel_machine`."""
