"""The only code that writes case state: one verb group a file.

Every function here takes keyword arguments and ``by=`` (the person acting), locks the case's row,
checks who and when, and writes status, event, e-mail and outbox rows in one transaction. It refuses
with a :class:`~cases.services.refusals.Refusal`, whose text a person can read; doing the same thing
again has no second effect. Nothing is sent from inside: that is the workers' business.
"""
