"""The fault harness: real processes, real servers, seeded faults, and a checker independent of the relay.

``make faults`` runs the long version. The tests here are the quick version, and mutation tests of the harness.
``docs/reliability.md`` describes the setup, the results and the limits.

==============  ================================================================================
``servers``     a private PostgreSQL and two private Redis servers
``proxy``       the network between the portal's processes and everything else
``forkserver``  starts the portal's processes by forking one that has imported the portal
``clients``     web processes: call services and record what was acknowledged
``receiver``    the agencies' web server, which may misbehave, and their mail server
``consumers``   the agencies' systems that read streams and the pull API
``schedule``    the faults of a seed; ``actions`` injects them
``cleanup``     stops everything if the harness itself is killed
``checker``     finds lost, doubled, misordered and stuck updates
``mutants``     wrong relays, which the harness must detect
==============  ================================================================================
"""
