"""The demo data: a fictitious alliance with data for every page.

People, organisations, shops and agencies come from ``data`` or are random. Cases are changed only through the
services, with the clock set to the time of each step (:mod:`alliance.lib.clock`), so every case has a valid
history.

``load``      loads everything in one transaction
``logins``    one account for each role
``world``     the initial data, created by ``organisations``, ``market``, ``agencies``, ``channels`` and others
``plans``     random plans of cases; ``operations`` has those of referrals and operations
``stories``   generators that carry out the plans of cases; ``liaison_stories`` has those for the other plans
``scheduler`` runs all generators in order of time
"""
