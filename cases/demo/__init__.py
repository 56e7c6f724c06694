"""The demo alliance: a rich, invented one, so that every page has something to show on the first day.

People, organisations, shops and agencies are written down (``data``) or drawn by lot; everything that
happens to a case happens through the services, at the moment it is said to have happened
(:mod:`alliance.lib.clock`). So no case stands where the portal could not have taken it.

``load``      the whole of it in one transaction, and what follows a commit
``logins``    one account for each role
``world``     what exists before anything happens: made by ``organisations``, ``market``, ``agencies``
``plans``     who complains of whom, when, and how it ends; ``operations`` what agencies do about it
``stories``   one generator for each case, referral and operation, told through the services
``clockwork`` lets all stories go on in the order of time
"""
