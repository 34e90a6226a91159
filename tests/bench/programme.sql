-- A programme for PostgreSQL: {all} products, {under_way} of them under way and the others finished in the last 18 months,
-- each with sections, stretches and waits, and a manager who is logged in. The database must be migrated and empty.
SELECT setseed(0.42);

INSERT INTO person (id, email, name, duties, failures, added_at)
SELECT gen_random_uuid(), 'person' || n || '@assurance.example.com', 'Person ' || n,
  CASE WHEN n = 1 THEN 'manager' ELSE 'reviewer' END, 0, now() - interval '2 years'
FROM generate_series(1, 21) n;

INSERT INTO session (token_hash, person_id, created_at, seen_at, expires_at)
SELECT encode(sha256('programme'::bytea), 'hex'), id, now(), now(), now() + interval '8 hours' FROM person WHERE duties = 'manager';

INSERT INTO organisation (id, name, ods_code, facts, added_at)
SELECT gen_random_uuid(), 'Supplier ' || n || ' Systems', 'S' || n, '{}', now() - interval '2 years' FROM generate_series(1, 400) n;

CREATE TEMP TABLE made AS
WITH supplier AS (SELECT id, row_number() OVER () - 1 AS place FROM organisation)
SELECT n, gen_random_uuid() AS id, supplier.id AS organisation_id, n > {under_way} AS is_finished, n % 5 = 0 AS is_move,
  current_date - floor(random() * CASE WHEN n > {under_way} THEN 548 ELSE 4 END)::int AS counted_to,
  15 + floor((random() + random() + random()) * 30)::int AS days, floor(random() * 12)::int AS place
FROM generate_series(1, {all}) n JOIN supplier ON supplier.place = n % 400;
UPDATE made SET place = 12 WHERE is_finished;

-- The twelve steps of a way: whom for, and what.
CREATE TEMP TABLE step (place int, party text, topic text, section text);
INSERT INTO step VALUES
  (0, 'supplier', 'answers', 'data-security'), (1, 'team', 'review', 'data-security'),
  (2, 'supplier', 'feedback', 'data-security'), (3, 'team', 'review', 'clinical-risk'),
  (4, 'supplier', 'answers', 'service-management'), (5, 'team', 'review', 'service-management'),
  (6, 'supplier', 'booking', NULL), (7, 'team', 'checks', NULL), (8, 'nobody', 'test', NULL),
  (9, 'team', 'certificate', NULL), (10, 'supplier', 'signature', NULL), (11, 'team', 'signed-copy', NULL);

INSERT INTO product (id, reference, organisation_id, version, question_set, state, name, name_key, facts, pauses, added_at, turn,
  turn_by, waits_for, since)
SELECT made.id, 'C2A-' || 100000 + n, organisation_id, 40, 1, 'active', 'Product ' || n, 'product ' || n,
  jsonb_build_object('name', 'Product ' || n, 'description', repeat('Shows records. ', 40)), '[]', counted_to - days,
  coalesce(step.party, 'supplier'), CASE WHEN party = 'team' THEN current_date + (n % 11) - 5 END, coalesce(step.topic, 'production'),
  counted_to
FROM made LEFT JOIN step USING (place);

INSERT INTO passage (product_id, number, is_move, started_on, counted_to, supplier_days, team_days, nobody_days, held_days, ended,
  ended_on, clock_from, party, topic)
SELECT id, 1, is_move, counted_to - days, counted_to, days / 2, days / 3, days - days / 2 - days / 3, 0,
  CASE WHEN is_finished THEN 'assured' END, CASE WHEN is_finished THEN counted_to END, counted_to - days, step.party, step.topic
FROM made LEFT JOIN step USING (place);

INSERT INTO section (product_id, section, state, round, reviewer_id, sent_at, replied_at, reply_by)
SELECT made.id, s.section,
  CASE WHEN is_finished THEN 'accepted' WHEN step.topic = 'review' AND step.section = s.section THEN 'submitted' ELSE 'accepted' END,
  1 + (n * s.place) % 97 / 95 * 2, CASE WHEN n % 3 > 0 THEN person.id END, now() - interval '20 days', NULL, NULL
FROM made LEFT JOIN step USING (place)
CROSS JOIN (VALUES (1, 'data-security'), (2, 'clinical-risk'), (3, 'service-management'), (4, 'medical-device'),
  (5, 'core-conformance'), (6, 'cis2-conformance')) s (place, section)
JOIN (SELECT id, row_number() OVER () - 1 AS place FROM person WHERE duties = 'reviewer') person ON person.place = n % 20;

INSERT INTO stretch (id, product_id, passage, party, topic, from_on, until_on)
SELECT gen_random_uuid(), made.id, 1, step.party, step.topic, counted_to - days + days * step.place / greatest(made.place, 1),
  CASE WHEN step.place < made.place THEN counted_to - days + days * (step.place + 1) / greatest(made.place, 1) END
FROM made JOIN step ON step.place <= made.place;

INSERT INTO wait (id, product_id, turn, topic, section, from_on, until_on, promised, due, outcome)
SELECT gen_random_uuid(), made.id, step.party, step.topic, step.section, began,
  CASE WHEN is_over THEN ended END, by, CASE WHEN is_over THEN by WHEN step.party = 'team' THEN current_date + (n % 11) - 5 END,
  CASE WHEN is_over THEN 'done' END
FROM made JOIN step ON step.place <= made.place
CROSS JOIN generate_series(1, 2) AS twice
CROSS JOIN LATERAL (SELECT counted_to - days + days * step.place / greatest(made.place, 1) AS began,
  counted_to - days + days * (step.place + 1) / greatest(made.place, 1) - (n + twice) % 3 AS last, step.place < made.place AS is_over) at
CROSS JOIN LATERAL (SELECT greatest(last, began) AS ended, CASE WHEN step.party = 'team' THEN began + 7 END AS by) until
WHERE is_over OR twice = 1;

INSERT INTO reply (id, product_id, section, round, outcome, message, by_id, at)
SELECT gen_random_uuid(), made.id, 'data-security', 1, 'returned', 'Nearly there.', person.id, counted_to - days * 2 / 3
FROM made JOIN person ON duties = 'manager' WHERE place > 2;

INSERT INTO decision (product_id, question, round, section, verdict, comment, fingerprint, by_id, at)
SELECT made.id, q.key, 1, 'data-security', CASE WHEN (n + q.place) % 7 = 0 THEN 'more' ELSE 'accept' END,
  CASE WHEN (n + q.place) % 7 = 0 THEN repeat('Say more. ', 1 + n % 9) ELSE '' END, '', person.id, counted_to - days * 2 / 3
FROM made JOIN person ON duties = 'manager'
CROSS JOIN (VALUES (1, 'ds-dspt-profile'), (2, 'ds-isms-basis'), (3, 'ds-breach-declaration'), (4, 'cr-cso-name'), (5, 'cr-plan'))
  q (place, key)
WHERE made.place > 2;

-- Ten answers of each product under way: words that all have, and one that 1 in 90 has.
INSERT INTO answer (product_id, question, value, remark, edition, by_id, at)
SELECT made.id, q.key, jsonb_build_object('text', 'Access is logged and looked at each week by ward' || n % 90 || '. '
  || repeat('Staff report what goes wrong to the service desk. ', 4)), '', 1, person.id, counted_to - days
FROM made JOIN person ON duties = 'manager'
CROSS JOIN (VALUES ('ds-dspt-profile'), ('ds-isms-basis'), ('ds-breach-declaration'), ('cr-cso-name'), ('cr-plan'),
  ('cr-loss-of-access'), ('sm-support-hours'), ('sm-change-notice'), ('cx-cis1-removal'), ('sm-contact')) q (key)
WHERE NOT is_finished;

-- A forecast of each product under way, and the range that each product was shown in each of its weeks.
INSERT INTO forecast (product_id, version, made_on, is_move, early, middle, late, is_long, basis, finished, drivers)
SELECT id, 40, current_date, is_move, current_date + 10 + n % 20, current_date + 20 + n % 60, current_date + 30 + n % 120, n % 120 > 70,
  'finished', 200, '[{"topic": "booking", "section": null, "is_open": true, "saves": 4}]'
FROM made WHERE NOT is_finished;
INSERT INTO forecast_week (product_id, passage, week, made_on, middle, late)
SELECT id, 1, week, counted_to - days + 7 * week - 7, counted_to - days + 40 + (n + week) % 30, counted_to - days + 60 + (n + week) % 50
FROM made CROSS JOIN LATERAL generate_series(1, days / 7 + 1) AS week;

ANALYZE;
