"""The demo data: a fictitious alliance with data for every page.

People, organisations, shops and agencies come from ``data`` or are random. Everything that happens to a case
happens through the services, with the clock set to the time of the event (:mod:`alliance.lib.clock`), so that
every case has a valid history.

``load``      loads everything in one transaction
``logins``    one account for each role
``world``     the initial data, created by ``organisations``, ``market``, ``agencies``, ``channels`` and others
``plans``     random plans of cases; ``operations`` plans referrals and operations
``stories``   a generator for each case that carries out its plan; ``liaison_stories`` for referrals, operations
``clockwork`` runs all generators in order of time
"""
