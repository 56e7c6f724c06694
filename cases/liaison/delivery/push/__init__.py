"""Channels that are called one delivery at a time: the signed webhook and e-mail.

``base`` says what a sender is and what can come of a try, ``lane`` drains a channel, ``records`` writes
down what came of it, ``webhook`` and ``email`` are the senders. The stream has its own relay.
"""
