"""Channels that receive one delivery at a time: the signed webhook and email.

``outcome`` defines a sender and the outcomes of an attempt, ``sending`` sends what is due in one channel,
``ordering`` defers blocked deliveries, ``recording`` records each attempt, and
``webhook`` and ``email`` are the senders.
"""
