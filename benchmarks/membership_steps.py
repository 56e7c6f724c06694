"""The SQL statements of ``benchmarks.membership``, in the order in which they run.

``pg_temp.first`` and the other functions are those of ``benchmarks.fill_steps``. ``%(rights)s``, ``%(people)s`` and
``%(members)s`` are the numbers of rows. Members, people, brands and rights of one step have consecutive keys.
"""

# The tables that are filled without indexes and triggers.
BIG = (
    "members_document",
    "members_membership",
    "members_authorisation",
    "members_brand",
    "members_ipright",
    "members_product",
    "members_accesstoken",
    "members_invitation",
    "members_application",
    "members_importjob",
    "cases_authorisedseller",
)

STEPS: tuple[tuple[str, str], ...] = (
    (
        "people",
        """
        INSERT INTO members_user (password, is_superuser, email, name, is_active, is_staff, is_moderator, language,
                                  time_zone, date_joined, uses_shortcuts, last_login)
        SELECT '!', kind = 'admin', kind || '@bench.example', 'Alliance ' || kind, true, kind = 'admin',
               kind = 'moderator-1', '', 'UTC', now(), true, now()
          FROM unnest(ARRAY['moderator-1', 'admin', 'agent-1']) AS kind
         UNION ALL
        SELECT '!', false, 'member-' || n || '@bench.example', pg_temp.name(n), true, false, false, '', 'UTC', now(), true,
               now() - pg_temp.draw(n, 1, 200) * interval '1 day'
          FROM generate_series(1, %(members)s) AS n
         UNION ALL
        SELECT '!', false, 'person-' || n || '@bench.example', pg_temp.name(n), true, false, false, '', 'UTC', now(), true,
               CASE WHEN n %% 3 > 0 THEN now() - pg_temp.draw(n, 2, 200) * interval '1 day' END
          FROM generate_series(1, %(people)s - %(members)s) AS n;
        """,
    ),
    (
        "members",
        """
        INSERT INTO members_member (slug, name, name_local, country, website, description, description_zh, status,
                                    joined_on, suspended_on, left_on, registration_number, name_keys, domain,
                                    number_key, search_text)
        SELECT 'member-' || n, 'Member ' || n, CASE WHEN n %% 3 = 0 THEN pg_temp.name(n) ELSE '' END,
               (ARRAY['CN','FR','US','JP','DE','IT','GB','KR','CH','SE','HK','TW','ES','CA','AU','SG'])[1 + n %% 16],
               'https://member' || n || '.example', '', '',
               CASE WHEN n %% 40 = 39 THEN 'left' WHEN n %% 40 = 38 THEN 'suspended' ELSE 'active' END,
               date '2016-01-01' + pg_temp.draw(n, 3, 3600),
               CASE WHEN n %% 40 = 38 THEN current_date - 9 END, CASE WHEN n %% 40 = 39 THEN current_date - 9 END,
               'HRB' || n, ARRAY['member' || n], 'member' || n || '.example', 'HRB' || n, ''
          FROM generate_series(1, %(members)s) AS n;
        UPDATE members_member SET search_text = lower(name) || E'\\n' || lower(name_local);
        INSERT INTO members_member_industries (member_id, industry_id)
        SELECT m.id, i.id FROM members_member AS m JOIN members_industry AS i ON i.id %% 12 = m.id %% 12;
        """,
    ),
    (
        "roles",
        """
        INSERT INTO members_membership (user_id, member_id, role, is_agent, valid_from)
        SELECT u.id, m.id, 'owner', false, m.joined_on
          FROM members_member AS m JOIN members_user AS u ON u.email = m.slug || '@bench.example'
         UNION ALL
        SELECT u.id, pg_temp.first('members_member')
                     + CASE WHEN n %% 5 < 2 THEN 0 ELSE pg_temp.draw(n, 4, %(members)s) END,
               CASE WHEN n %% 2 = 0 THEN 'filer' ELSE 'viewer' END, n %% 10 = 4, date '2018-01-01'
          FROM generate_series(1, %(people)s - %(members)s) AS n
          JOIN members_user AS u ON u.email = 'person-' || n || '@bench.example'
         UNION ALL
        SELECT u.id, m.id, 'filer', true, date '2018-01-01'
          FROM members_member AS m JOIN members_user AS u ON u.email = 'agent-1@bench.example'
         WHERE m.id %% 2 = 0;
        INSERT INTO members_authorisation (member_id, agent_id, valid_from, valid_until, recorded_at)
        SELECT member_id, user_id, date '2018-01-01', current_date + pg_temp.draw(id, 5, 400) - 30, now()
          FROM members_membership WHERE is_agent;
        INSERT INTO members_invitation (member_id, email, role, nonce, invited_at, expires_at, invited_by_id)
        SELECT pg_temp.first('members_member') + CASE WHEN n %% 3 = 0 THEN 0 ELSE pg_temp.draw(n, 6, %(members)s) END,
               'invited-' || n || '@bench.example', 'viewer', md5(n::text), now(), now() + interval '9 days',
               (SELECT id FROM members_user WHERE email = 'member-1@bench.example')
          FROM generate_series(1, %(people)s / 10) AS n;
        """,
    ),
    (
        "rights",
        """
        INSERT INTO members_brand (member_id, name, name_local, is_active, search_text)
        SELECT pg_temp.first('members_member') + CASE WHEN n <= 12 THEN 0 ELSE (n - 11) / 2 END,
               'Brand ' || n, CASE WHEN n %% 4 = 0 THEN '品牌' ELSE '' END, true, 'brand ' || n || E'\\n'
          FROM generate_series(1, 11 + 2 * (%(members)s - 1)) AS n ORDER BY n;
        INSERT INTO members_document (id, kind, file, original_name, content_type, size, sha256, uploaded_at)
        SELECT md5('right' || n)::uuid, 'certificate', 'bench/' || n, 'certificate.pdf', 'application/pdf', 9000,
               md5(n::text) || md5(n::text), now()
          FROM generate_series(1, %(rights)s) AS n;
        INSERT INTO members_ipright (brand_id, member_id, kind, title, registered_owner, office, number, territory,
                                     nice_classes, registered_on, expires_on, certificate_id, submitted_at,
                                     verified_at, verified_by_id, returned_at, returned_by_id, return_reason)
        SELECT b.id, b.member_id, (ARRAY['trademark','trademark','trademark','copyright','design','patent','gi'])[1 + n %% 7],
               pg_temp.name(n), 'Owner ' || n, 'CNIPA', 'B' || n, '{CN}', '{25}', date '2015-01-01',
               CASE WHEN n %% 9 = 0 THEN NULL ELSE current_date + pg_temp.draw(n, 7, 3000) - 100 END,
               CASE WHEN n %% 50 <> 2 THEN md5('right' || n)::uuid END, now() - n * interval '1 minute',
               CASE WHEN n %% 50 > 3 THEN now() END, CASE WHEN n %% 50 > 3 THEN moderator.id END,
               CASE WHEN n %% 50 = 3 THEN now() END, CASE WHEN n %% 50 = 3 THEN moderator.id END,
               CASE WHEN n %% 50 = 3 THEN 'The certificate shows class 18 only.' ELSE '' END
          FROM generate_series(1, %(rights)s) AS n
          JOIN members_user AS moderator ON moderator.email = 'moderator-1@bench.example'
          JOIN members_brand AS b ON b.id = pg_temp.first('members_brand') + CASE
               WHEN pg_temp.draw(n, 8, 10) < 3 THEN pg_temp.draw(n, 9, 12)
               ELSE pg_temp.draw(n, 10, 10 + 2 * (%(members)s - 1)) END;
        """,
    ),
    (
        "products and sellers",
        """
        INSERT INTO members_product (brand_id, member_id, name, name_local, gtin, other_names, description, packaging,
                                     production_places, nice_classes, is_active, disclosed_to, disclosed_countries,
                                     created_at, created_by_id, search_text)
        SELECT b.id, b.member_id, pg_temp.name(n), '', lpad((n * 10)::text, 14, '0'), '{}', '', '', '{CN}', '{25}',
               n %% 20 > 0, 'brand', '{}', now(), moderator.id, lower(pg_temp.name(n)) || E'\\n' || lpad((n * 10)::text, 14, '0')
          FROM generate_series(1, %(rights)s / 2) AS n
          JOIN members_user AS moderator ON moderator.email = 'moderator-1@bench.example'
          JOIN members_brand AS b ON b.id = pg_temp.first('members_brand') + CASE
               WHEN pg_temp.draw(n, 11, 10) < 3 THEN pg_temp.draw(n, 12, 12)
               ELSE pg_temp.draw(n, 13, 10 + 2 * (%(members)s - 1)) END;
        INSERT INTO cases_marketplace (slug, name, name_local, country, hosts, listing_pattern, shop_pages,
                                       shop_ids_are_case_sensitive, is_active)
        SELECT 'bench-' || n, 'Market ' || n, '', 'CN', ARRAY['market' || n || '.example'],
               '/item/(?P<item>[0-9]+)', '{}', false, true
          FROM generate_series(1, 12) AS n;
        INSERT INTO cases_authorisedseller (brand_id, member_id, marketplace_id, external_id, external_key, note,
                                            valid_from, valid_until)
        SELECT b.id, b.member_id, (SELECT min(id) FROM cases_marketplace WHERE slug LIKE 'bench-%%') + n %% 12,
               'shop-' || n, 'shop-' || n, '', date '2020-01-01', current_date + pg_temp.draw(n, 14, 900) - 90
          FROM generate_series(1, %(rights)s / 2) AS n
          JOIN members_brand AS b ON b.id = pg_temp.first('members_brand') + CASE
               WHEN pg_temp.draw(n, 15, 10) < 3 THEN pg_temp.draw(n, 16, 12)
               ELSE pg_temp.draw(n, 17, 10 + 2 * (%(members)s - 1)) END;
        """,
    ),
    (
        "tokens, applications and imports",
        """
        INSERT INTO members_accesstoken (membership_id, name, scopes, start, digest, created_at, expires_at)
        SELECT s.id, 'Program ' || s.id, '{brands:read,rights:read,products:read,sellers:read}', 'ap_bench',
               md5('owner' || s.id), now(), now() + interval '90 days'
          FROM members_membership AS s WHERE s.role = 'owner';
        INSERT INTO members_accesstoken (membership_id, name, scopes, start, digest, created_at, expires_at)
        SELECT s.id, 'Script ' || s.id, '{rights:read}', 'ap_bench', md5(s.id::text), now(), now() + interval '9 days'
          FROM members_membership AS s WHERE s.role <> 'owner';
        INSERT INTO members_application (reference, email, language, nonce, started_at, link_sent_at, verified_at,
                                         changed_at, name, name_local, country, website, registration_number,
                                         contact_name, contact_position, contact_phone, brands, status, submitted_at,
                                         decided_by_id, decided_at, refusal_reason, name_keys, domain, number_key,
                                         second_contact_name, second_contact_email)
        SELECT pg_temp.reference('JA', n), 'applicant-' || n || '@bench.example', 'en', md5(n::text), now(), now(),
               now(), now(), 'Applicant ' || n, '', 'CN', '', '', 'Ana', '', '+86 1', '{Elm}',
               CASE WHEN n %% 10 = 0 THEN 'submitted' ELSE 'refused' END, now() - n * interval '1 hour',
               CASE WHEN n %% 10 > 0 THEN moderator.id END, CASE WHEN n %% 10 > 0 THEN now() END,
               CASE WHEN n %% 10 > 0 THEN 'No brand.' ELSE '' END,
               ARRAY['member' || n %% (2 * %(members)s)], 'member' || n || '.example', '', '', ''
          FROM generate_series(1, 2 * %(members)s) AS n
          JOIN members_user AS moderator ON moderator.email = 'moderator-1@bench.example';
        INSERT INTO members_importjob (id, member_id, kind, state, uploaded_at, uploaded_by_id, confirmed_at,
                                       confirmed_by_id, language, file, original_name, size, sha256, notes, row_count,
                                       will_create, will_change, will_keep, will_fail, position, attempts, created,
                                       changed, unchanged, failed, finished_at, failure, options)
        SELECT md5('import' || n)::uuid,
               pg_temp.first('members_member') + CASE WHEN n %% 3 = 0 THEN 0 ELSE pg_temp.draw(n, 18, %(members)s) END,
               'rights', 'done', now() - n * interval '1 hour', u.id, now(), u.id, 'en', 'bench/import' || n,
               'rights.xlsx', 9000, md5(n::text) || md5(n::text), '{}', 50, 50, 0, 0, 0, 50, 0, 50, 0, 0, 0, now(), '', '{}'
          FROM generate_series(1, %(people)s / 4) AS n
          JOIN members_user AS u ON u.email = 'member-1@bench.example';
        """,
    ),
)
