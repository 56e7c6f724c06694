"""The bulk verbs, in the order of the buttons."""

from __future__ import annotations

from cases.bulk import (
    assign,
    claim,
    priority,
    refer,
    reject,
    release,
    request_information,
    uphold,
)
from cases.bulk.verb import BulkVerb

VERBS: dict[str, BulkVerb] = {
    verb.name: verb
    for verb in (
        claim.VERB,
        release.VERB,
        assign.VERB,
        priority.VERB,
        uphold.VERB,
        reject.VERB,
        request_information.VERB,
        refer.VERB,
    )
}
