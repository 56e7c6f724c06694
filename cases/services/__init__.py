"""The only code that changes cases, one group of verbs in each file.

Each function takes keyword arguments and ``by`` (the person acting), locks the case's row, checks permission and
status, and writes status, event, email and outbox rows in one transaction. It raises a
:class:`~alliance.lib.refusals.Refusal` with a message for the user if the step is not possible. Calls are
idempotent: repeating one has no second effect. Services write queues; workers send.
"""
