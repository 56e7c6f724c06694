"""Fill a database with many cases, to look at pages and plans at the size the portal is built for.

    python -m benchmarks.fill --cases 1000000

Rows are made by PostgreSQL itself, not by the services: it would take days. They satisfy every
constraint, and their statuses, dates and members are spread as in a large alliance's third year. The
database must be empty but for the migrations; triggers (history) are off while it fills.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import django

STEPS: tuple[tuple[str, str], ...] = (
    (
        "people",
        """
        INSERT INTO members_user (password, is_superuser, email, name, is_active, is_staff,
                                  is_moderator, language, time_zone, date_joined)
        SELECT '!', false, 'person' || n || '@bench.example', 'Person ' || n, true, false,
               n <= 20, '', 'UTC', now()
          FROM generate_series(1, 700) AS n
        """,
    ),
    (
        "members",
        """
        INSERT INTO members_member (slug, name, name_local, country, website, description,
                                    description_zh, status, joined_on)
        SELECT 'member-' || n, 'Member ' || n, '', (ARRAY['CN','FR','US','JP','DE'])[1 + n %% 5],
               '', '', '', 'active', date '2018-01-01'
          FROM generate_series(1, 300) AS n;
        INSERT INTO members_membership (user_id, member_id, role, is_agent, valid_from)
        SELECT p.id, m.id, 'filer', false, date '2018-01-01'
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM members_user
                 WHERE NOT is_moderator) AS p
          JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM members_member) AS m
            ON m.n = 1 + p.n %% 300;
        INSERT INTO members_brand (member_id, name, name_local, is_active)
        SELECT id, 'Brand ' || id, '', true FROM members_member;
        INSERT INTO members_ipright (brand_id, kind, title, office, number, territory,
                                     nice_classes, registered_on)
        SELECT id, 'trademark', name, 'CNIPA', 'B' || id, '{CN}', '{25}', date '2015-01-01'
          FROM members_brand
        """,
    ),
    (
        "sellers",
        """
        INSERT INTO cases_marketplace (slug, name, name_local, country, hosts, listing_pattern,
                                       shop_pages, shop_ids_are_case_sensitive, is_active)
        SELECT 'bench-' || n, 'Market ' || n, '', 'CN', ARRAY['market' || n || '.example'],
               '/item/(?P<item>[0-9]+-[0-9]+)', '{}', false, true
          FROM generate_series(1, 12) AS n;
        INSERT INTO cases_seller (marketplace_id, external_id, external_key, name, shop_url,
                                  address_key, country, first_seen_at)
        SELECT m.id, 'shop-' || n, 'shop-' || n, 'Shop ' || n, '', '', 'CN', now() - n * interval '10 minutes'
          FROM generate_series(1, greatest(%(cases)s / 10, 100)) AS n
          JOIN (SELECT id, row_number() OVER (ORDER BY id) AS k FROM cases_marketplace
                 WHERE slug LIKE 'bench-%%') AS m ON m.k = 1 + n %% 12
        """,
    ),
    (
        "cases",
        """
        INSERT INTO cases_case (reference, draft_token, member_id, brand_id, right_id, seller_id,
                                seller_name, shop_url, violation, jurisdiction, goods_class, explanation, status, outcome, priority,
                                version, created_by_id, created_at, good_faith_by_id,
                                good_faith_at, submitted_at, due_at, decided_at, asked_at, answer_due_at)
        SELECT 'AP-' || lpad(upper(to_hex(n / 65536)), 4, '0')
                     || '-' || lpad(upper(to_hex(n %% 65536)), 4, '0'),
               gen_random_uuid(), b.member_id, b.id, r.id, s.id, '', '',
               (ARRAY['counterfeit','trademark','copyright','design'])[1 + n %% 4], 'CN', 25, 'x',
               CASE WHEN n %% 200 = 0 THEN 'submitted'
                    WHEN n %% 500 = 1 THEN 'information_requested'
                    WHEN n %% 300 = 2 THEN 'upheld'
                    WHEN n %% 1000 = 3 THEN 'counter_noticed'
                    WHEN n %% 5 = 4 THEN 'rejected'
                    WHEN n %% 7 = 5 THEN 'removed'
                    ELSE 'closed' END,
               CASE WHEN n %% 200 = 0 OR n %% 500 = 1 THEN ''
                    WHEN n %% 300 <> 2 AND n %% 1000 <> 3 AND n %% 5 = 4 THEN 'rejected'
                    ELSE 'upheld' END,
               1 + (n %% 17 = 0)::int + (n %% 3 = 0)::int, 5, p.id, at, p.id, at, at,
               at + interval '24 hours', at + interval '9 hours',
               CASE WHEN n %% 500 = 1 THEN at + interval '2 hours' END,
               CASE WHEN n %% 500 = 1 THEN at + interval '7 days' END
          FROM (SELECT n, now() - (%(cases)s - n) * interval '60 seconds' AS at
                  FROM generate_series(1, %(cases)s) AS n) AS base
          JOIN (SELECT id, member_id, row_number() OVER (ORDER BY id) AS k FROM members_brand) AS b
            ON b.k = 1 + (n * 7919::bigint) %% 300
          JOIN members_ipright AS r ON r.brand_id = b.id
          JOIN (SELECT id, row_number() OVER (ORDER BY id) AS k FROM cases_seller) AS s
            ON s.k = 1 + (n * 104729::bigint) %% greatest(%(cases)s / 10, 100)
          JOIN (SELECT min(user_id) AS id, member_id FROM members_membership GROUP BY member_id)
            AS p ON p.member_id = b.member_id
        """,
    ),
    (
        "listings",
        """
        INSERT INTO cases_listing (case_id, brand_id, marketplace_id, position, url, canonical_key,
                                   title, currency, status, outcome, is_open)
        SELECT c.id, c.brand_id, s.marketplace_id, p,
               'https://' || m.hosts[1] || '/item/' || c.id || '-' || p,
               s.marketplace_id || ':' || c.id || '-' || p, '', '', 'live', '', c.status IN ('submitted', 'information_requested', 'upheld')
          FROM cases_case AS c
          JOIN cases_seller AS s ON s.id = c.seller_id
          JOIN cases_marketplace AS m ON m.id = s.marketplace_id
         CROSS JOIN generate_series(1, 5) AS p
        """,
    ),
    (
        "timelines",
        """
        INSERT INTO cases_caseevent (case_id, sequence, kind, audience, note, data, actor_id,
                                     actor_role, actor_label, at)
        SELECT c.id, p, (ARRAY['submitted','claimed','upheld'])[p], '{member}', '', '{}',
               c.created_by_id, 'member', 'Person', c.created_at + p * interval '1 hour'
          FROM cases_case AS c CROSS JOIN generate_series(1, 3) AS p
        """,
    ),
    (
        "referrals",
        """
        INSERT INTO liaison_agency (slug, name, name_local, kind, country, violations,
                                    acknowledge_within_hours, discloses, shares_interest,
                                    second_contact_name, second_contact_email, language,
                                    stream_password_hash, is_active)
        SELECT 'bench-' || n, 'Agency ' || n, '', 'police', 'CN', '{}', 24,
               '{member,right,seller,listings,note,evidence}', n %% 2 = 0, '', '', 'en', '', true
          FROM generate_series(1, 20) AS n;
        INSERT INTO liaison_referral (reference, case_id, agency_id, status, update_sequence, note,
                                      referred_by_id, referred_at, acknowledge_by, file_number)
        SELECT replace(c.reference, 'AP-', 'LR-'), c.id, a.id,
               (ARRAY['offered','acknowledged','accepted','concluded','declined'])
                   [1 + (c.id / 8 %% 5)::int],
               1, '', c.created_by_id, c.decided_at, c.decided_at + interval '24 hours', ''
          FROM cases_case AS c
          JOIN (SELECT id, row_number() OVER (ORDER BY id) AS k FROM liaison_agency
                 WHERE slug LIKE 'bench-%%') AS a ON a.k = 1 + c.id %% 20
         WHERE c.id %% 8 = 0 AND c.status IN ('closed', 'removed', 'upheld')
        """,
    ),
)


def main() -> int:
    """Fill the database that DATABASE_URL names; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()
    from django.db import connection, transaction

    from cases.models import Case

    if Case.objects.exists():
        print("This database has cases already: name an empty one in DATABASE_URL.")
        return 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, sql in STEPS:
            started = time.perf_counter()
            cursor.execute(sql, {"cases": arguments.cases})
            print(f"{name:<10} {time.perf_counter() - started:7.1f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return 0


if __name__ == "__main__":
    sys.exit(main())
