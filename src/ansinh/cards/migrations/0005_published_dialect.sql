-- How hospitals' older software is answered: card look-up, visits and co-payments by a number, a name and a birth date. One call answers a batch, records
-- each question in the audit and links the batch into the asking worker's chain, in one transaction. Names are compared here, so that nobody's name leaves
-- the database unless whoever asks has it already.

-- A name as it is compared: decomposed, small letters, no hyphens or apostrophes, single spaces, and the tone of a word behind it, since the tone is written
-- over either vowel (hòa, hoà). Letters are mapped by hand because a database may sort by a locale that knows only English ones.
CREATE FUNCTION cards_name_spoken(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
    SELECT regexp_replace(btrim(regexp_replace(
        translate(normalize(p_name, NFD), 'ABCDEFGHIJKLMNOPQRSTUVWXYZĐ’‘ʼ''`´-‐‑–', 'abcdefghijklmnopqrstuvwxyzđ'), '\s+', ' ', 'g')),
        '([\u0300\u0301\u0303\u0309\u0323])([^ \u0300\u0301\u0303\u0309\u0323]*)', '\2\1', 'g')
$$;

CREATE FUNCTION cards_name_bare(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT translate(regexp_replace(cards_name_spoken(p_name), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')
$$;

-- 0 the same name; 1 another, with the same initials; 2 another. A name typed without any diacritics is compared without any; one typed with some must be right.
CREATE FUNCTION cards_name_differs(p_stored text, p_asked text) RETURNS smallint
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE
    v_stored CONSTANT text := cards_name_spoken(p_stored);
    v_asked CONSTANT text := cards_name_spoken(p_asked);
    v_stored_bare CONSTANT text := cards_name_bare(p_stored);
    v_asked_bare CONSTANT text := cards_name_bare(p_asked);
BEGIN
    IF v_stored = v_asked OR (v_asked = v_asked_bare AND v_stored_bare = v_asked_bare) THEN
        RETURN 0;
    END IF;
    RETURN CASE WHEN regexp_replace(v_stored_bare, '([^ ])[^ ]* ?', '\1', 'g') = regexp_replace(v_asked_bare, '([^ ])[^ ]* ?', '\1', 'g') THEN 1 ELSE 2 END;
END $$;

-- Visits as the look-up tells them. The health book will put its own in this view's place; until it keeps visits there are none.
CREATE VIEW cards_visits_told_v1 AS
SELECT NULL::bigint AS person_id, NULL::timestamptz AS began_at, NULL::text AS visit WHERE false;
COMMENT ON VIEW cards_visits_told_v1 IS 'person, beginning, and a visit as the JSON object of dsLichSuKCB2025';

-- The payments of a year of which the patient paid a share, as the JSON list DataCCT, the newest first, at most 200 of them. Until co-payments are kept
-- one by one there are none.
CREATE FUNCTION cards_copayments_told(p_person_id bigint, p_day date) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$ SELECT '[]' $$;

-- Arrays, one element a question: call (3 card, 4 visits, 5 co-payments), refused (0, or 5: a ceiling is reached; it is only recorded), kind of key, key, client number, facility, officer's number, officer's name
-- (empty for co-payments, whose call has none), holder's name in capitals at the beginning of words, year, month and day of birth (0 unknown).
-- Rows, in the order of the questions: result as in the audit, code of the protocol, number of the audit row, person, and the answer as JSON in UTF-8
-- where something is told (null: nothing is, beyond the code).
--
-- At most five wrong particulars a person and hour are told apart, whoever asks; then every look-up of that person is refused alike until the hour is over.
-- The count is raised by an upsert, so it holds across workers. The limits and settings keep the plan, as in standing_v1.
CREATE FUNCTION published.dialect_v1(
    p_chain_id bigint, p_asked_at timestamptz,
    p_calls smallint[], p_refused smallint[], p_kinds smallint[], p_keys text[], p_clients integer[], p_facilities text[], p_officers text[], p_officer_names text[],
    p_names text[], p_years smallint[], p_months smallint[], p_days smallint[]
) RETURNS TABLE (result smallint, code text, audit_id bigint, person bigint, answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET datestyle = 'SQL, DMY'
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
    v_day CONSTANT date := (p_asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_hour CONSTANT timestamptz := date_trunc('hour', now());
    v_recently CONSTANT timestamptz := p_asked_at - interval '30 days';
    v_purpose CONSTANT smallint := 1;
    v_misses_max CONSTANT integer := 5;
    v_count CONSTANT integer := cardinality(p_keys);
    v_link bigint;
    v_seq bigint;
    v_previous bytea;
BEGIN
    IF v_count NOT BETWEEN 1 AND 1024 THEN
        RAISE EXCEPTION 'a batch holds 1 to 1024 questions, not %', v_count USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT c.links + 1, c.head INTO STRICT v_seq, v_previous FROM audit_chain c WHERE c.chain_id = p_chain_id;
    v_link := nextval('audit_link_number');

    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT q.*, coalesce(a.person_id, i.person_id, o.person_id, 0) AS asked_person, i.person_id IS NOT NULL AS number_known,
               CASE WHEN q.refused <> 0 THEN '429'
                    WHEN d.open IS NULL THEN '401'
                    WHEN q.call = 5 AND q.officer_name = '' THEN NULL
                    WHEN f.name IS NULL THEN '054'
                    WHEN f.name <> q.officer_name AND cards_name_differs(f.name, q.officer_name) <> 0 THEN '055' END AS refusal,
               coalesce(m.misses, 0) AS misses, s.*
        FROM unnest(p_calls, p_refused, p_kinds, p_keys, p_clients, p_facilities, p_officers, p_officer_names, p_names, p_years, p_months, p_days)
             WITH ORDINALITY AS q (call, refused, kind, key, client, asking, officer, officer_name, name, year, month, day, place)
        LEFT JOIN LATERAL (
            SELECT true AS open FROM access_dialectaccount da JOIN access_client ac ON ac.client_no = da.client_no
            WHERE da.client_no = q.client AND da.facility = q.asking AND da.state = 'open' AND ac.state = 'active' LIMIT 1
        ) d ON true
        LEFT JOIN LATERAL (
            SELECT l.name FROM access_facilityofficer l WHERE l.facility = q.asking AND l.officer = q.officer AND l.active LIMIT 1
        ) f ON true
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE h.scheme = CASE q.kind WHEN 2 THEN 'si_code' WHEN 3 THEN 'card' ELSE 'pin' END
            AND h.value = q.key AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) i ON true
        LEFT JOIN LATERAL (
            SELECT h.person_id FROM people_identifier h
            WHERE i.person_id IS NULL AND q.kind = 3 AND h.scheme = 'si_code'
            AND h.value = right(q.key, 10) AND h.resolves AND h.scheme IN ('pin', 'si_code', 'card') LIMIT 1
        ) o ON true
        LEFT JOIN LATERAL (SELECT a.person_id FROM people_alias a WHERE a.alias_person_id = coalesce(i.person_id, o.person_id) LIMIT 1) a ON true
        LEFT JOIN LATERAL (SELECT * FROM cards_standing c WHERE c.person_id = coalesce(a.person_id, i.person_id, o.person_id) LIMIT 1) s ON true
        LEFT JOIN LATERAL (SELECT m.misses FROM cards_dialectmiss m WHERE m.person_id = s.person_id AND m.hour = v_hour LIMIT 1) m ON true
    ), judged AS MATERIALIZED (
        SELECT found.*, CASE
            WHEN refusal IS NOT NULL THEN refusal
            WHEN person_id IS NULL THEN '050'
            WHEN misses >= v_misses_max THEN '100'
            WHEN birth_year IS NULL THEN '100'
            WHEN full_name <> name AND cards_name_differs(full_name, name) <> 0
                THEN CASE cards_name_differs(full_name, name) WHEN 1 THEN '061' ELSE '060' END
            WHEN birth_year <> year OR coalesce(birth_month <> month, false) OR coalesce(birth_day <> day, false) THEN '070'
            WHEN kind = 3 AND NOT number_known AND key NOT IN (coalesce(card_number, ''), coalesce(next_card_number, ''),
                    coalesce(former_card_number, ''), coalesce(temporary_number, ''))
                THEN CASE WHEN card_number IS NULL OR left(key, 2) <> left(card_number, 2) THEN '051'
                    WHEN substr(key, 4, 2) <> substr(card_number, 4, 2) THEN '052'
                    WHEN substr(key, 3, 1) <> substr(card_number, 3, 1) THEN '053' ELSE '051' END
            ELSE CASE status
                WHEN 'active' THEN CASE
                    WHEN valid_until <= v_day THEN CASE WHEN next_card_number <> card_number THEN '003' ELSE '010' END
                    WHEN valid_from > v_day THEN '010'
                    WHEN card_number IS NULL THEN '130'
                    WHEN kind = 3 AND key NOT IN (card_number, coalesce(next_card_number, '')) THEN '003'
                    WHEN next_card_number <> card_number THEN '004'
                    ELSE '000' END
                WHEN 'managed_army' THEN '001' WHEN 'managed_police' THEN '002'
                WHEN 'reduced' THEN '120' WHEN 'reduced_moved_out' THEN '121' WHEN 'reduced_moved_within' THEN '122'
                WHEN 'reduced_readded' THEN '123' WHEN 'reduced_stopped' THEN '124'
                ELSE '110' END
            END AS judgement
        FROM found
    ), missing AS MATERIALIZED (
        SELECT person_id, count(*)::integer AS times FROM judged WHERE judgement IN ('051', '052', '053', '060', '061', '070') GROUP BY person_id
    ), missed AS (
        INSERT INTO cards_dialectmiss AS known (person_id, hour, misses)
        SELECT person_id, v_hour, times FROM missing ORDER BY person_id
        ON CONFLICT (person_id, hour) DO UPDATE SET misses = known.misses + EXCLUDED.misses
        RETURNING known.person_id, known.misses
    ), told AS MATERIALIZED (
        SELECT j.*, (v_link << 10) | (j.place - 1) AS id, w.wrong IS TRUE AS too_many,
               CASE WHEN w.wrong THEN '100' ELSE j.judgement END AS code,
               CASE WHEN w.wrong OR (j.judgement = '100' AND j.misses >= v_misses_max) OR j.judgement IN ('401', '429') THEN 5
                    WHEN j.judgement IN ('054', '055') THEN 3
                    WHEN j.judgement = '050' THEN CASE WHEN j.asked_person = 0 THEN 0 ELSE 2 END
                    WHEN j.judgement IN ('051', '052', '053', '060', '061', '070', '100') THEN 4
                    ELSE 1 END::smallint AS result
        FROM judged j
        -- Of several about one person in a batch, those before count for those after. Nothing to do while nobody was wrong.
        LEFT JOIN LATERAL (
            SELECT j.refusal IS NULL AND n.misses - g.times + (
                SELECT count(*) FROM judged e WHERE e.person_id = j.person_id AND e.place < j.place
                AND e.judgement IN ('051', '052', '053', '060', '061', '070')) >= v_misses_max AS wrong
            FROM missed n JOIN missing g ON g.person_id = n.person_id WHERE n.person_id = j.person_id
        ) w ON true
    ), recorded AS (
        INSERT INTO audit_access (asked_at, id, person_id, client_no, purpose, call, key_kind, result, facility, officer)
        SELECT p_asked_at, id, asked_person, client, v_purpose, call, kind, result, asking, officer FROM told
    ), grown AS (
        UPDATE audit_chain c SET links = v_seq, head = (
            SELECT sha256(v_previous || convert_to(
                concat_ws(E'\x1f', '1', p_chain_id, v_seq, v_link, (extract(epoch FROM p_asked_at) * 1000000)::bigint, v_count) || E'\x1e'
                || string_agg(concat_ws(E'\x1f', id, asked_person, client, v_purpose, call, kind, result, asking, officer) || E'\x1e', '' ORDER BY place),
                'UTF8'))
            FROM told)
        WHERE c.chain_id = p_chain_id RETURNING c.head
    ), linked AS (
        INSERT INTO audit_link (linked_at, chain_id, seq, link, row_count, previous, digest)
        SELECT p_asked_at, p_chain_id, v_seq, v_link, v_count, v_previous, head FROM grown
    ), alarmed AS (
        INSERT INTO audit_act (act, actor_kind, actor_reference, reason, outcome, facts)
        SELECT 'cards.too_many_wrong_particulars', 'client', (SELECT min(t.client)::text FROM told t WHERE t.person_id = n.person_id),
               'sai họ tên, ngày sinh hoặc số thẻ quá nhiều lần trong một giờ', 'alert',
               jsonb_build_object('person', n.person_id, 'misses', n.misses, 'hour', v_hour)
        FROM missed n JOIN missing g ON g.person_id = n.person_id
        WHERE n.misses >= v_misses_max AND n.misses - g.times < v_misses_max
    ), forgotten AS (
        DELETE FROM cards_dialectmiss WHERE ctid = ANY (ARRAY(
            SELECT old.ctid FROM cards_dialectmiss old WHERE old.hour < v_hour - interval '1 day' AND EXISTS (SELECT FROM missing)
            ORDER BY old.hour LIMIT 100 FOR UPDATE SKIP LOCKED))
    ), shown AS (
        SELECT t.*,
               coalesce(lpad(birth_day::text, 2, '0') || '/', '') || coalesce(lpad(birth_month::text, 2, '0') || '/', '') || birth_year AS born,
               CASE sex WHEN 'M' THEN 'Nam' WHEN 'F' THEN 'Nữ' ELSE '' END AS sex_word,
               (valid_until - 1)::text AS last_day,
               CASE WHEN code = '003' AND valid_until > v_day THEN key ELSE coalesce(card_number, temporary_number, '') END AS number,
               CASE WHEN code = '003' AND valid_until > v_day THEN card_number ELSE next_card_number END AS new_number,
               CASE WHEN code = '003' AND valid_until > v_day THEN valid_from ELSE next_valid_from END AS new_from,
               CASE WHEN code = '003' AND valid_until > v_day THEN valid_until ELSE next_valid_until END - 1 AS new_last_day,
               CASE WHEN code = '003' AND valid_until > v_day THEN facility ELSE next_facility END AS new_facility
        FROM told t
    )
    SELECT result, code, id, asked_person, CASE WHEN result <> 1 THEN NULL ELSE convert_to(CASE call
    WHEN 3 THEN
        '{"maKetQua":"' || code || '","ghiChu":' || to_json(CASE code
            WHEN '000' THEN 'Thẻ còn giá trị sử dụng.'
            WHEN '001' THEN 'Thẻ do BHXH Bộ Quốc phòng quản lý: kiểm tra thẻ và giấy tờ tùy thân của người bệnh.'
            WHEN '002' THEN 'Thẻ do BHXH Công an nhân dân quản lý: kiểm tra thẻ và giấy tờ tùy thân của người bệnh.'
            WHEN '003' THEN 'Thẻ cũ hết giá trị, đã cấp thẻ mới ' || new_number || ', giá trị từ ' || new_from || coalesce(' đến ' || new_last_day, '') || ': dùng thẻ mới.'
            WHEN '004' THEN 'Thẻ cũ còn giá trị đến ' || last_day || ', đã cấp thẻ mới ' || next_card_number || ', giá trị từ ' || next_valid_from || '.'
            WHEN '010' THEN CASE WHEN valid_from > v_day THEN 'Thẻ chưa có giá trị: chỉ dùng được từ ' || valid_from || '.'
                ELSE 'Thẻ hết giá trị sử dụng sau ngày ' || last_day || coalesce('; thẻ này có giá trị trở lại từ ' || next_valid_from, '') || '.' END
            WHEN '120' THEN 'Thẻ đã báo giảm: hỏi lại cơ quan BHXH.'
            WHEN '121' THEN 'Thẻ đã báo giảm: chuyển ngoại tỉnh. Hỏi người bệnh thẻ mới.'
            WHEN '122' THEN 'Thẻ đã báo giảm: chuyển nội tỉnh. Hỏi người bệnh thẻ mới.'
            WHEN '123' THEN 'Thẻ đã báo giảm: tăng lại tại cùng đơn vị. Hỏi người bệnh thẻ mới.'
            WHEN '124' THEN 'Thẻ đã báo giảm: ngừng tham gia.'
            WHEN '130' THEN 'Trẻ em chưa có thẻ để xuất trình: xem giấy khai sinh hoặc giấy chứng sinh.'
            ELSE CASE status WHEN 'suspended' THEN 'Thẻ đang bị tạm giữ: chưa dùng được, hỏi lại cơ quan BHXH.' ELSE 'Thẻ đã bị thu hồi: không dùng được.' END END
            || ' Họ tên: ' || full_name || '; ngày sinh: ' || born || coalesce('; giới tính: ' || nullif(sex_word, ''), '')
            || coalesce('; địa chỉ: ' || address, '') || '; nơi đăng ký KCB ban đầu: ' || facility || '; hạn thẻ: ' || valid_from || ' - ' || last_day
            || coalesce('; thời điểm đủ 5 năm liên tục: ' || five_years_on, '') || '.')
        || ',"maThe":"' || number || '","hoTen":' || to_json(full_name) || ',"ngaySinh":"' || born || '","gioiTinh":"' || sex_word
        || '","diaChi":' || coalesce(to_json(address)::text, '""') || ',"maDKBD":"' || facility
        || '","cqBHXH":' || coalesce(to_json(issuing_office)::text, '""')
        || CASE WHEN code = '003' AND valid_until > v_day THEN ',"gtTheTu":"","gtTheDen":"' ELSE ',"gtTheTu":"' || valid_from || '","gtTheDen":"' || last_day END
        || '","maKV":"' || coalesce(area, '') || '","ngayDu5Nam":"' || coalesce(five_years_on::text, '')
        || '","maSoBHXH":"' || coalesce(si_code, '') || '","maTheCu":"' || coalesce(former_card_number, '')
        || CASE WHEN new_number IS NULL THEN '","maTheMoi":"","gtTheTuMoi":"","gtTheDenMoi":"","maDKBDMoi":"","tenDKBDMoi":""' ELSE
            '","maTheMoi":"' || new_number || '","gtTheTuMoi":"' || coalesce(new_from::text, '') || '","gtTheDenMoi":"' || coalesce(new_last_day::text, '')
            || '","maDKBDMoi":"' || coalesce(new_facility, '') || '","tenDKBDMoi":'
            || coalesce((SELECT to_json(p.name)::text FROM places_facility p WHERE p.code = new_facility), '""') END
        || ',"dsLichSuKCB2018":null,"dsLichSuKT2018":[' || coalesce((
            SELECT string_agg('{"userKT":"' || asking || '_BV","thoiGianKT":"' || to_char(l.asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYYMMDDHH24MI')
                || '","thongBao":"' || CASE l.result WHEN 1 THEN 'Đã trả lời' WHEN 3 THEN 'Cán bộ không có trong danh sách của cơ sở'
                WHEN 4 THEN 'Sai họ tên, ngày sinh hoặc số thẻ' WHEN 5 THEN 'Từ chối vì tra cứu quá giới hạn' ELSE 'Không tìm thấy thẻ' END
                || '","maLoi":""}', ',' ORDER BY l.asked_at DESC)
            FROM (SELECT h.asked_at, h.result FROM (
                    SELECT r.asked_at, r.result, r.facility AS at FROM audit_access r
                    WHERE r.person_id = shown.person_id AND r.asked_at >= v_recently AND r.asked_at < p_asked_at
                    ORDER BY r.asked_at DESC, r.id DESC LIMIT 50) h
                WHERE h.at = shown.asking LIMIT 10) l), '') || ']}'
    WHEN 4 THEN
        '{"maKetQua":"' || code || '","ghiChu":' || to_json(CASE WHEN EXISTS (SELECT FROM cards_visits_told_v1 v WHERE v.person_id = shown.person_id)
            THEN 'Lịch sử khám bệnh, chữa bệnh của ' ELSE 'Chưa có lịch sử khám bệnh, chữa bệnh nào được ghi nhận của ' END || full_name || '.')
        || ',"maThe":"' || number || '","dsLichSuKCB2025":[' || coalesce((SELECT string_agg(v.visit, ',' ORDER BY v.began_at DESC)
            FROM (SELECT w.visit, w.began_at FROM cards_visits_told_v1 w WHERE w.person_id = shown.person_id ORDER BY w.began_at DESC LIMIT 50) v), '') || ']}'
    ELSE
        '{"MaKetQua":"200","GhiChu":' || to_json(CASE WHEN copay_year = extract(year FROM v_day)
            THEN 'Lũy kế cùng chi trả năm ' || copay_year || ': ' || copay_total || ' đồng.'
                || coalesce(' Được miễn cùng chi trả từ ' || copay_exempt_on || '.', ' Chưa đủ điều kiện miễn cùng chi trả.')
            ELSE 'Chưa ghi nhận cùng chi trả nào trong năm ' || extract(year FROM v_day) || '.' END)
        || ',"DataCCT":' || cards_copayments_told(person_id, v_day)
        || ',"ThongTinSoThe":{"hoTen":' || to_json(full_name) || ',"ngaySinh":"' || born || '","ngayKetThuc":"' || last_day
        || '","maBhxh":"' || coalesce(si_code, '') || '","maThe":"' || number || '","maDKBD":"' || facility
        || '","ngayDu5Nam":"' || coalesce(five_years_on::text, '')
        || '","tongCCT":"' || CASE WHEN copay_year = extract(year FROM v_day) THEN copay_total ELSE 0 END
        || '","ngayMienCCT":"' || coalesce(CASE WHEN copay_year = extract(year FROM v_day) THEN copay_exempt_on END::text, '') || '"}}'
    END, 'UTF8') END
    FROM shown ORDER BY place;
END $$;
COMMENT ON FUNCTION published.dialect_v1 IS 'ansinh dialect 1';
REVOKE ALL ON FUNCTION published.dialect_v1 FROM PUBLIC, ansinh_app;
GRANT EXECUTE ON FUNCTION published.dialect_v1 TO ansinh_gateway;
