-- Những trường phải sửa: của ta, của CSDL dân cư, và sai kiểu gì · Fields to correct, as a list: ours, the register's, and how ours is off.
-- `wrong` contradicts the register; `spelling` differs in diacritics only; `incomplete` lacks something. What the register lacks corrects nothing.
CASE
    WHEN i.toned = r.toned AND i.sex = r.sex AND i.year = r.year AND i.month = r.month AND i.day = r.day AND i.number12 = r.number12 THEN []
    ELSE list_filter([
        CASE WHEN i.toned IS DISTINCT FROM r.toned THEN {
            'field': 'full_name', 'ours': i.written, 'register': r.written,
            'kind': CASE WHEN i.key = r.key THEN 'spelling' WHEN i.key IS NULL THEN 'incomplete' ELSE 'wrong' END} END,
        CASE WHEN i.year IS DISTINCT FROM r.year OR i.month <> r.month OR i.day <> r.day OR (i.month IS NULL AND r.month IS NOT NULL) THEN {
            'field': 'birth_date',
            'ours': concat_ws('-', i.year, lpad(i.month::VARCHAR, 2, '0'), lpad(i.day::VARCHAR, 2, '0')),
            'register': concat_ws('-', r.year, lpad(r.month::VARCHAR, 2, '0'), lpad(r.day::VARCHAR, 2, '0')),
            'kind': CASE WHEN i.year <> r.year OR i.month <> r.month OR i.day <> r.day THEN 'wrong' ELSE 'incomplete' END} END,
        CASE WHEN i.sex IS DISTINCT FROM r.sex THEN {
            'field': 'sex', 'ours': CASE i.sex WHEN 1 THEN 'M' WHEN 2 THEN 'F' END, 'register': CASE r.sex WHEN 1 THEN 'M' WHEN 2 THEN 'F' END,
            'kind': CASE WHEN i.sex IS NULL THEN 'incomplete' ELSE 'wrong' END} END,
        CASE
            WHEN i.number12 <> r.number12 THEN {'field': 'id_number', 'ours': i.stated, 'register': r.number12, 'kind': 'wrong'}
            WHEN i.number12 IS NULL AND i.number9 <> r.number9 THEN {'field': 'id_number', 'ours': i.stated, 'register': r.number9, 'kind': 'wrong'}
            WHEN i.number12 IS NULL AND i.number9 IS NULL AND i.stated IS NOT NULL
                THEN {'field': 'id_number', 'ours': i.stated, 'register': r.number12, 'kind': 'wrong'}
        END
    ], lambda x: x IS NOT NULL)
END
