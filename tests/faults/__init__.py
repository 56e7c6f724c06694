"""The fault harness: real processes, real engines, seeded faults, and a judge that knows nothing of the relay.

``make faults`` runs it for long; ``test_*.py`` here are its quick version and show that it has teeth.
``docs/reliability.md`` says what it does, what came of it, and what it cannot show.

==============  ================================================================================
``engines``     a private PostgreSQL and two private Redis servers, crashed and wiped at will
``proxy``       the network between the portal's processes and everything else, cut and slowed at will
``nursery``     the portal's processes, forked from one that has imported the portal already
``clients``     web processes: call real services, note what was acknowledged
``receiver``    the agencies' misbehaving web server, and their mail server
``consumers``   the agencies' systems that read streams and the pull API
``schedule``    the faults of a seed; ``actions`` commits them
``keeper``      takes everything down should the harness itself be killed
``judge``       what was lost, doubled, out of order, stuck
``mutants``     well-known wrong relays, each of which the harness must find out
==============  ================================================================================
"""
