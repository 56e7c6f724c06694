"""Channels that receive one delivery at a time: the signed webhook and e-mail.

``outcome`` defines a sender and the outcomes of an attempt, ``lane`` delivers what is due in one channel,
``ordering`` keeps head-of-line blocking out of the way, ``recording`` writes down each attempt, and
``webhook`` and ``email`` are the senders.
"""
