"""The SQL statements of ``benchmarks.fill``, in the order in which they run.

Rows of one step have consecutive keys, because the tables were empty: "member 7" is the one whose key is
``first('members_member') + 6``. ``draw(n, seed, of)`` returns a pseudo-random number from 0 to ``of`` - 1 for row
``n``, the same in every run. ``%(cases)s`` is the number of cases.
"""

# Tables that grow with the number of cases. They are filled without indexes, which are created afterwards.
BIG = (
    "cases_seller",
    "cases_selleridentifier",
    "cases_case",
    "cases_listing",
    "cases_caseevent",
    "cases_evidence",
    "cases_preview",
    "cases_decision",
    "cases_counternotice",
    "cases_strike",
    "liaison_referral",
    "liaison_update",
    "liaison_delivery",
    "liaison_escalation",
)

FUNCTIONS = """
CREATE FUNCTION pg_temp.draw(n bigint, seed int, of int) RETURNS int IMMUTABLE LANGUAGE sql AS
    'SELECT abs(hashint8extended(n, seed) % of)::int';
CREATE FUNCTION pg_temp.first(named text) RETURNS bigint STABLE LANGUAGE plpgsql AS
    'DECLARE key bigint; BEGIN EXECUTE format($$SELECT min(id) FROM %I$$, named) INTO key; RETURN key; END';
CREATE FUNCTION pg_temp.name(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT (ARRAY['Northern Kit', '北方服饰旗舰店', 'ブランド館', 'Дом моды', 'متجر النور', '서울 패션', 'Élan & Søn',
                  'Shop', '优品数码专营店', 'Golden Deals'])[1 + pg_temp.draw(n, 101, 10)] || ' ' || n $$;
CREATE FUNCTION pg_temp.folded(name text) RETURNS text IMMUTABLE LANGUAGE sql AS
    'SELECT lower(normalize(name, NFKC))';
CREATE FUNCTION pg_temp.pieces(name text) RETURNS varchar(2)[] IMMUTABLE LANGUAGE sql AS $$
    SELECT array_agg(DISTINCT substr(word, at, size)::varchar(2))
      FROM regexp_split_to_table(pg_temp.folded(name), '\\s+') AS word,
           generate_series(1, length(word)) AS at, generate_series(1, 2) AS size $$;
CREATE FUNCTION pg_temp.reference(prefix text, n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT prefix || '-' || substr(code, 1, 4) || '-' || substr(code, 5)
      FROM lpad(upper(to_hex(n * 2654435761 %% 4294967296)), 8, '0') AS code $$;
"""

STEPS: tuple[tuple[str, str], ...] = (
    (
        "people",
        """
        INSERT INTO members_user (password, is_superuser, email, name, is_active, is_staff,
                                  is_moderator, language, time_zone, date_joined, uses_shortcuts)
        SELECT '!', false, 'moderator-' || n || '@bench.example', 'Moderator ' || n, true, false, true, '', 'UTC', now(), true
          FROM generate_series(1, 20) AS n
         UNION ALL
        SELECT '!', false, 'member-' || n || '@bench.example', 'Filer ' || n, true, false, false, '', 'UTC', now(), true
          FROM generate_series(1, 500) AS n
         UNION ALL
        SELECT '!', false, 'agency-' || n || '@bench.example', 'Officer ' || n, true, false, false, '', 'UTC', now(), true
          FROM generate_series(1, 20) AS n
         UNION ALL
        SELECT '!', true, 'admin@bench.example', 'Admin', true, true, false, '', 'UTC', now(), true;
        """,
    ),
    (
        "members",
        """
        INSERT INTO members_member (slug, name, name_local, country, website, description,
                                    description_zh, status, joined_on, registration_number,
                                    name_keys, domain, number_key, search_text)
        SELECT 'member-' || n, 'Member ' || n, CASE WHEN n %% 3 = 0 THEN pg_temp.name(n) ELSE '' END,
               (ARRAY['CN','FR','US','JP','DE','IT','GB','KR','CH','SE','HK','TW','ES','CA','AU','NL'])[1 + n %% 16],
               '', '', '', 'active', date '2018-01-01', '', ARRAY['member' || n], '', '', ''
          FROM generate_series(1, 500) AS n;
        UPDATE members_member SET search_text = lower(name) || E'\\n' || lower(name_local);
        INSERT INTO members_member_industries (member_id, industry_id)
        SELECT m.id, i.id FROM members_member AS m JOIN members_industry AS i ON i.id %% 12 = m.id %% 12;
        INSERT INTO members_membership (user_id, member_id, role, is_agent, valid_from)
        SELECT u.id, m.id, 'owner', false, date '2018-01-01'
          FROM members_member AS m JOIN members_user AS u ON u.email = m.slug || '@bench.example';
        INSERT INTO members_brand (member_id, name, name_local, is_active, search_text)
        SELECT (SELECT pg_temp.first('members_member')) + CASE WHEN n <= 12 THEN 0 ELSE 1 + (n - 13) / 2 END,
               'Brand ' || n, CASE WHEN n %% 4 = 0 THEN '品牌' ELSE '' END, true, ''
          FROM generate_series(1, 12 + 2 * 499) AS n;
        UPDATE members_brand SET search_text = lower(name) || E'\\n' || lower(name_local);
        INSERT INTO members_ipright (brand_id, kind, title, office, number, territory,
                                     nice_classes, registered_on, verified_by_id, verified_at)
        SELECT id, 'trademark', name, 'CNIPA', 'B' || id, '{CN}', '{25}', date '2015-01-01',
               (SELECT pg_temp.first('members_user')), now()
          FROM members_brand ORDER BY id;
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
        INSERT INTO cases_seller (marketplace_id, external_id, external_key, name, name_key, name_pieces,
                                  shop_url, address_key, country, first_seen_at)
        SELECT (SELECT min(id) FROM cases_marketplace WHERE slug LIKE 'bench-%%') + n %% 12,
               'shop-' || n, 'shop-' || n, pg_temp.name(n), pg_temp.folded(pg_temp.name(n)),
               pg_temp.pieces(pg_temp.name(n) || ' shop-' || n), 'https://market.example/shop/' || n,
               'market.example/shop/' || n, 'CN', now() - n * interval '10 minutes'
          FROM generate_series(1, greatest(%(cases)s / 10, 100)) AS n;
        INSERT INTO cases_selleridentifier (seller_id, kind, value)
        SELECT id, 'phone', '+86138' || lpad((id / 4)::text, 8, '0') FROM cases_seller WHERE id %% 3 < 2
         UNION ALL
        SELECT id, 'email', 'shop' || id / 2 || '@mail.example' FROM cases_seller WHERE id %% 3 = 0;
        """,
    ),
    (
        "cases",
        """
        WITH drawn AS (
            SELECT n, pg_temp.draw(n, 1, 1000) AS d, n > %(cases)s * 0.93 AS is_recent,
                   CASE WHEN n %% greatest(%(cases)s / 20, 1) = 7 THEN 500
                        WHEN pg_temp.draw(n, 2, 1000) < 300 THEN 1
                        ELSE 2 + pg_temp.draw(n, 3, 498) END AS member,
                   CASE WHEN pg_temp.draw(n, 5, 1000) < 20 THEN 0
                        ELSE 1 + pg_temp.draw(n, 6, greatest(%(cases)s / 10, 100) - 1) END AS seller,
                   now() - (%(cases)s - n) * interval '3 years' / %(cases)s - interval '5 minutes' AS at
              FROM generate_series(1, %(cases)s) AS n),
        cases AS (
            SELECT *, CASE WHEN is_recent THEN
                        CASE WHEN d < 840 THEN 'submitted' WHEN d < 860 THEN 'in_review'
                             WHEN d < 900 THEN 'information_requested' WHEN d < 930 THEN 'draft'
                             WHEN d < 940 THEN 'withdrawn' WHEN d < 960 THEN 'upheld' ELSE 'rejected' END
                      ELSE
                        CASE WHEN d < 200 THEN 'rejected' WHEN d < 215 THEN 'withdrawn'
                             WHEN d < 220 THEN 'reinstated' WHEN d < 224 THEN 'counter_noticed'
                             WHEN d < 230 THEN 'upheld' WHEN d < 310 THEN 'removed' ELSE 'closed' END
                      END AS status,
                   CASE WHEN member = 1 THEN pg_temp.draw(n, 4, 12)
                        ELSE 12 + 2 * (member - 2) + pg_temp.draw(n, 4, 2) END AS brand
              FROM drawn)
        INSERT INTO cases_case (reference, draft_token, member_id, brand_id, right_id, seller_id,
                                seller_name, shop_url, violation, jurisdiction, goods_class, explanation,
                                status, outcome, priority, version, assignee_id, lease_until,
                                created_by_id, created_at, good_faith_by_id, good_faith_at, submitted_at,
                                due_at, asked_at, answer_due_at, decided_at, closed_at)
        SELECT pg_temp.reference('AP', n), gen_random_uuid(), (SELECT pg_temp.first('members_member')) + member - 1,
               (SELECT pg_temp.first('members_brand')) + brand, (SELECT pg_temp.first('members_ipright')) + brand,
               CASE WHEN status <> 'draft' THEN (SELECT pg_temp.first('cases_seller')) + seller END,
               CASE WHEN status = 'draft' THEN pg_temp.name(n) ELSE '' END, '',
               (ARRAY['counterfeit','trademark','copyright','design'])[1 + pg_temp.draw(n, 7, 4)], 'CN', 25,
               repeat('The stitching, the label and the price show that these are not our goods. ', 5),
               status,
               CASE WHEN status IN ('upheld', 'removed', 'counter_noticed') THEN 'upheld'
                    WHEN status IN ('rejected', 'reinstated') THEN status
                    WHEN status <> 'closed' THEN '' WHEN d %% 40 = 0 THEN 'reinstated' ELSE 'upheld' END,
               1 + (pg_temp.draw(n, 8, 3) > 0)::int + (pg_temp.draw(n, 9, 10) = 0)::int
                 + (pg_temp.draw(n, 10, 50) = 0)::int,
               5,
               CASE WHEN status = 'in_review' THEN (SELECT pg_temp.first('members_user')) + n %% 20 END,
               CASE WHEN status = 'in_review' THEN now() + (d - 850) * interval '3 minutes' END,
               (SELECT pg_temp.first('members_user')) + 19 + member, at,
               CASE WHEN status <> 'draft' THEN (SELECT pg_temp.first('members_user')) + 19 + member END,
               CASE WHEN status <> 'draft' THEN at END,
               CASE WHEN status <> 'draft' THEN at + interval '1 minute' END,
               CASE WHEN status <> 'draft' THEN at + interval '72 hours' END,
               CASE WHEN status = 'information_requested' THEN at + interval '2 hours' END,
               CASE WHEN status = 'information_requested' THEN now() + d * interval '10 minutes' END,
               CASE WHEN status IN ('upheld', 'rejected', 'removed', 'counter_noticed', 'reinstated', 'closed')
                    THEN least(at + pg_temp.draw(n, 11, 100) * interval '1 hour', now() - interval '1 minute') END,
               CASE WHEN status = 'closed' THEN at + interval '10 days' END
          FROM cases ORDER BY n;
        """,
    ),
    (
        "listings",
        """
        INSERT INTO cases_listing (case_id, brand_id, marketplace_id, position, url, canonical_key,
                                   title, price, currency, units_sold, status, outcome, is_open)
        SELECT c.id, c.brand_id, s.marketplace_id, p,
               'https://market' || s.marketplace_id || '.example/item/' || item || '-' || p,
               s.marketplace_id || ':' || item || '-' || p,
               CASE WHEN item %% 3 = 0 THEN '新款运动鞋 男女同款' ELSE '' END,
               CASE WHEN item %% 2 = 0 THEN 99.5 + p END, CASE WHEN item %% 2 = 0 THEN 'CNY' ELSE '' END,
               CASE WHEN item %% 2 = 0 THEN p * 10 END,
               CASE WHEN c.status IN ('removed', 'counter_noticed') OR c.outcome = 'upheld' AND c.status = 'closed' THEN 'removed'
                    WHEN c.status = 'upheld' THEN 'removal_requested' WHEN c.outcome <> '' THEN 'left_up' ELSE 'live' END,
               CASE c.outcome WHEN 'upheld' THEN 'remove' WHEN '' THEN '' ELSE 'leave_up' END,
               c.status IN ('submitted', 'in_review', 'information_requested', 'upheld', 'removed', 'counter_noticed')
          FROM cases_case AS c
          JOIN cases_seller AS s ON s.id = c.seller_id
         CROSS JOIN LATERAL (SELECT CASE WHEN c.status = 'closed' THEN c.id - (c.id / 10 %% 50 = 0)::int * (c.id %% 10) ELSE c.id END
                               AS item) AS numbered
         CROSS JOIN generate_series(1, 1 + pg_temp.draw(c.id, 12, 9)) AS p;
        """,
    ),
    (
        "timelines",
        """
        INSERT INTO cases_caseevent (case_id, sequence, kind, audience, note, data, actor_id, actor_role, actor_label, at)
        SELECT c.id, e.sequence, e.kind, e.audience::varchar[], '', '{}',
               CASE e.role WHEN 'member' THEN c.created_by_id ELSE (SELECT pg_temp.first('members_user')) + c.id %% 20 END,
               e.role, CASE e.role WHEN 'member' THEN 'Filer' ELSE 'Moderator ' || 1 + c.id %% 20 END, e.at
          FROM cases_case AS c
         CROSS JOIN LATERAL (VALUES
               (1, 'submitted', '{member}', 'member', c.submitted_at),
               (2, 'claimed', '{member}', 'moderator',
                CASE WHEN c.status NOT IN ('submitted', 'withdrawn') THEN c.submitted_at + interval '1 hour' END),
               (3, CASE c.outcome WHEN 'rejected' THEN 'rejected' ELSE 'upheld' END, '{member,liaison}', 'moderator',
                c.decided_at),
               (3, 'information_requested', '{member}', 'moderator', c.asked_at),
               (4, 'listings_removed', '{member,liaison}', 'moderator',
                CASE WHEN c.status IN ('removed', 'counter_noticed', 'reinstated', 'closed')
                     THEN c.decided_at + interval '1 hour' END),
               (5, 'closed', '{member,liaison}', 'moderator', c.closed_at))
            AS e(sequence, kind, audience, role, at)
         WHERE c.submitted_at IS NOT NULL AND e.at IS NOT NULL;
        """,
    ),
    (
        "evidence",
        """
        INSERT INTO cases_evidence (id, case_id, kind, file, original_name, content_type, size, sha256,
                                    uploaded_by_id, uploaded_at, shows_url)
        SELECT gen_random_uuid(), id, 'screenshot', '00/' || id, 'screenshot.png', 'image/png', 100000 + id %% 1000,
               md5(same::text) || md5(same::text || 'x'), created_by_id, created_at, ''
          FROM cases_case
         CROSS JOIN LATERAL (SELECT id - CASE WHEN id / 10 %% 50 = 0 THEN id %% 10 ELSE 0 END AS same) AS file;
        INSERT INTO cases_preview (evidence_id, state, attempts, due_at, image, thumbnail, width, height, pdq, forms, bands)
        SELECT id, 'made', 1, uploaded_at, file, file, 900, 1200, sha256, array_fill(sha256, ARRAY[8]),
               (SELECT array_agg(band << 16 | ('x' || substr(sha256, band * 4 + 1, 4))::bit(16)::int)
                  FROM generate_series(0, 15) AS band)
          FROM cases_evidence;
        INSERT INTO cases_storageuse (member_id, used_bytes)
        SELECT c.member_id, sum(e.size) FROM cases_evidence AS e JOIN cases_case AS c ON c.id = e.case_id GROUP BY 1;
        """,
    ),
    (
        "decisions",
        """
        INSERT INTO cases_decision (case_id, outcome, reason_id, ground, facts, decided_by_id, decided_at)
        SELECT id, outcome,
               (SELECT min(id) FROM cases_reasoncode WHERE use = CASE outcome WHEN 'rejected' THEN 'reject' ELSE 'uphold' END),
               'illegal_content', 'The mark is used without permission.', (SELECT pg_temp.first('members_user')) + id %% 20, decided_at
          FROM cases_case AS c WHERE decided_at IS NOT NULL;
        INSERT INTO cases_strike (case_id, seller_id, points, issued_at, expires_at, revoked_at)
        SELECT id, seller_id, 1, decided_at, decided_at + interval '365 days',
               CASE WHEN outcome = 'reinstated' THEN decided_at + interval '9 days' END
          FROM cases_case WHERE outcome IN ('upheld', 'reinstated');
        INSERT INTO cases_counternotice (case_id, statement, received_at, recorded_by_id, due_at, answer,
                                         answer_due_at, status, resolved_by_id, resolved_at)
        SELECT id, 'These are genuine goods.', decided_at + interval '5 days', (SELECT pg_temp.first('members_user')) + id %% 20,
               CASE WHEN is_open THEN now() + id %% 300 * interval '1 hour' ELSE decided_at + interval '9 days' END, '',
               CASE WHEN is_open THEN now() + (id %% 300 - 100) * interval '1 hour' ELSE decided_at + interval '8 days' END,
               CASE WHEN is_open THEN 'open' WHEN outcome = 'reinstated' THEN 'accepted' ELSE 'refused' END,
               CASE WHEN NOT is_open THEN (SELECT pg_temp.first('members_user')) + (id + 1) %% 20 END,
               CASE WHEN NOT is_open THEN decided_at + interval '9 days' END
          FROM (SELECT *, status = 'counter_noticed' AS is_open FROM cases_case
                 WHERE status = 'counter_noticed' OR outcome = 'reinstated'
                    OR status = 'removed' AND pg_temp.draw(id, 13, 10) = 0) AS c;
        """,
    ),
    (
        "agencies",
        """
        INSERT INTO liaison_agency (slug, name, name_local, kind, country, violations,
                                    acknowledge_within_hours, discloses, shares_interest,
                                    second_contact_name, second_contact_email, language,
                                    stream_password_hash, is_active)
        SELECT 'agency-' || n, 'Agency ' || n, CASE WHEN n < 10 THEN '经济犯罪侦查支队' ELSE '' END, 'police', 'CN', '{}', 24,
               '{member,right,seller,listings,note,evidence}', n %% 2 = 1, '', '', 'en', '', true
          FROM generate_series(1, 20) AS n;
        INSERT INTO liaison_officer (user_id, agency_id, title, is_active)
        SELECT u.id, a.id, '', true FROM liaison_agency AS a JOIN members_user AS u ON u.email = a.slug || '@bench.example';
        INSERT INTO liaison_channel (agency_id, kind, name, url, email, secret_sealed, previous_secret_sealed, token_hash,
                                     is_active, alert_after_minutes, alert_backlog, pause_reason, numbered_seq, sent_seq,
                                     last_error, failures)
        SELECT id, 'pull', 'Pull', '', '', '', '', md5(slug) || md5(slug), true, 15, 1000, '', 0, 0, '', 0
          FROM liaison_agency ORDER BY id;
        INSERT INTO liaison_referralrule (name, agency_id, rank, violations, places, minimum_points, minimum_members, is_active)
        SELECT 'Rule ' || id, id, 100, '{}', '{CN}', 2, 2, true FROM liaison_agency;
        """,
    ),
    (
        "referrals",
        """
        WITH drawn AS (
            SELECT *, decided_at + interval '1 hour' AS referred_at, pg_temp.draw(id, 15, 100) AS d,
                   CASE WHEN pg_temp.draw(id, 16, 1000) < 600 THEN 1
                        WHEN pg_temp.draw(id, 17, %(cases)s / 1000 + 10) = 0 THEN 20
                        ELSE 2 + pg_temp.draw(id, 18, 18) END AS agency
              FROM cases_case WHERE outcome = 'upheld' AND pg_temp.draw(id, 14, 6) = 0),
        with_state AS (
            SELECT *, CASE WHEN d < 10 THEN 'offered' WHEN d < 20 THEN 'acknowledged' WHEN d < 35 THEN 'accepted'
                           WHEN d < 45 THEN 'investigating' WHEN d < 80 THEN 'concluded'
                           WHEN d < 98 THEN 'declined' ELSE 'withdrawn' END AS state
              FROM drawn)
        INSERT INTO liaison_referral (reference, case_id, agency_id, status, update_sequence, seller_sent, note,
                                      referred_by_id, referred_at, deliver_by, read_by, acknowledge_by, accept_by,
                                      delivered_at, read_at, acknowledged_at, answered_at, concluded_at, file_number)
        SELECT pg_temp.reference('LR', id), id, (SELECT pg_temp.first('liaison_agency')) + agency - 1, state,
               CASE state WHEN 'offered' THEN 1 ELSE 2 END,
               (SELECT pg_temp.folded(s.name || ' ' || s.external_id) FROM cases_seller AS s WHERE s.id = seller_id),
               'Please look into this seller.',
               (SELECT pg_temp.first('members_user')) + id %% 20, referred_at,
               referred_at + interval '15 minutes', referred_at + interval '12 hours',
               referred_at + interval '24 hours', referred_at + interval '72 hours',
               referred_at + interval '1 minute',
               CASE WHEN state <> 'offered' OR d < 5 THEN referred_at + interval '2 hours' END,
               CASE WHEN state <> 'offered' THEN referred_at + interval '3 hours' END,
               CASE WHEN state IN ('accepted', 'investigating', 'concluded', 'declined') THEN referred_at + interval '2 days' END,
               CASE state WHEN 'concluded' THEN referred_at + interval '40 days' END,
               CASE WHEN state IN ('investigating', 'concluded') THEN '经侦 ' || id ELSE '' END
          FROM with_state ORDER BY id;
        INSERT INTO cases_caseevent (case_id, sequence, kind, audience, note, data, referral_id, actor_id, actor_role,
                                     actor_label, at)
        SELECT r.case_id, e.sequence, e.kind, e.audience::varchar[], r.note, '{}', r.id, r.referred_by_id, 'moderator',
               'Moderator', r.referred_at
          FROM liaison_referral AS r
         CROSS JOIN (VALUES (6, 'referred', '{member}'), (7, 'referral_offered', '{liaison}')) AS e(sequence, kind, audience);
        INSERT INTO liaison_escalation (referral_id, step, due_at, raised_at)
        SELECT id, 'acknowledged', acknowledge_by, acknowledge_by + interval '1 minute' FROM liaison_referral
         WHERE status = 'offered' AND acknowledge_by < now();
        """,
    ),
    (
        "updates",
        """
        INSERT INTO liaison_update (id, referral_id, sequence, kind, case_version, payload, created_at)
        SELECT gen_random_uuid(), r.id, u.sequence,
               CASE u.sequence WHEN 1 THEN 'referral_offered' ELSE 'referral_acknowledged' END, 6 + u.sequence,
               jsonb_build_object('schema', 1, 'kind', 'referral_offered', 'at', r.referred_at, 'sequence', u.sequence,
                 'referral', jsonb_build_object('reference', r.reference, 'status', r.status,
                                                'acknowledge_by', r.acknowledge_by),
                 'case', jsonb_build_object('reference', c.reference, 'status', c.status, 'violation', c.violation,
                   'jurisdiction', 'CN', 'member', m.name, 'brand', b.name,
                   'right', jsonb_build_object('kind', 'trademark', 'office', 'CNIPA', 'number', 'B' || b.id),
                   'seller', jsonb_build_object('marketplace', 'bench-1', 'id', s.external_id, 'name', s.name))
                   || CASE u.sequence WHEN 1 THEN jsonb_build_object('listings', jsonb_build_array('https://market1.example/item/' || c.id))
                                      ELSE '{}' END,
                 'link', 'https://portal.example/liaison/' || r.reference || '/', 'note', r.note),
               r.referred_at + (u.sequence - 1) * interval '3 hours'
          FROM liaison_referral AS r
          JOIN cases_case AS c ON c.id = r.case_id
          JOIN members_member AS m ON m.id = c.member_id
          JOIN members_brand AS b ON b.id = c.brand_id
          JOIN cases_seller AS s ON s.id = c.seller_id
         CROSS JOIN LATERAL generate_series(1, r.update_sequence) AS u(sequence);
        INSERT INTO liaison_delivery (update_id, channel_id, seq, sent_at, attempts, dead_reason)
        SELECT u.id, ch.id, row_number() OVER (PARTITION BY ch.id ORDER BY u.created_at, u.id),
               u.created_at + interval '1 second', 1, ''
          FROM liaison_update AS u
          JOIN liaison_referral AS r ON r.id = u.referral_id
          JOIN liaison_channel AS ch ON ch.agency_id = r.agency_id;
        UPDATE liaison_channel AS ch SET numbered_seq = sent.n, sent_seq = sent.n, acknowledged_seq = sent.n
          FROM (SELECT channel_id, max(seq) AS n FROM liaison_delivery GROUP BY 1) AS sent WHERE sent.channel_id = ch.id;
        """,
    ),
    (
        "operations",
        """
        INSERT INTO liaison_operation (reference, agency_id, kind, held_on, country, place, premises_closed, arrests, items_seized,
                                       value_cny, value_basis, summary, status, reported_by_id, reported_at, verified_by_id,
                                       verified_at, retraction_reason)
        SELECT pg_temp.reference('OP', case_id), agency_id, 'raid', concluded_at::date, 'CN', 'Yiwu', 1, 2, 500, 1000000,
               'genuine_retail', '', 'verified', (SELECT pg_temp.first('members_user')) + 520, concluded_at,
               (referred_by_id), concluded_at + interval '1 day', ''
          FROM liaison_referral WHERE concluded_at < now() - interval '2 days' AND pg_temp.draw(id, 19, 20) = 0 ORDER BY id;
        INSERT INTO liaison_operation_cases (operation_id, case_id)
        SELECT o.id, r.case_id FROM liaison_operation AS o
          JOIN liaison_referral AS r ON pg_temp.reference('OP', r.case_id) = o.reference;
        """,
    ),
    (
        "saved views",
        """
        INSERT INTO cases_savedview (name, owner_id, is_shared, query, position, created_at)
        SELECT v.name, u.id, true, v.query, 10, now()
          FROM (VALUES ('Urgent', 'priority=4'), ('Advertising', 'violation=advertising'),
                       ('Awaiting removal', 'view=upheld&violation=design'),
                       ('One member', 'member=' || (SELECT id FROM members_member WHERE slug = 'member-500')),
                       ('Nothing', 'q=nowhere+to+be+found')) AS v(name, query),
               members_user u
         WHERE u.email = 'moderator-1@bench.example'
        """,
    ),
)
