"""The steps of a test purchase, from the plan to the disposal of the goods.

Each verb locks the purchase, checks the status and the role, and writes one event. Doing the same step again with the
same facts has no second effect. Owners and filers of the member do all steps; disposal needs two of them.
"""
