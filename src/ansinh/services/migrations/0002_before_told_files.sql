-- What the e-ID app is told of a person's files, inside its own published function, which leaves the audit row: what it is, where it stands, who has it,
-- until when, what is wanted, what came of it. Drafts are nobody's business; what reached benefits from here is told once. The words are those of
-- the tables of states; a test compares.
CREATE FUNCTION services_told_files(p_person bigint)
RETURNS TABLE (source text, reference text, kind text, name_vi text, name_en text, state text, state_vi text, state_en text, holder_vi text, holder_en text,
    filed_at timestamptz, due_on date, wanted_vi text, wanted_en text, result_vi text, result_en text, closed_on date)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT 'service', a.reference, a.service, a.name_vi, a.name_en, a.state,
        CASE a.state WHEN 'submitted' THEN 'đã nộp, chờ tiếp nhận' WHEN 'received' THEN 'đã tiếp nhận' WHEN 'waiting_supplement' THEN 'chờ bổ sung'
            WHEN 'forwarded' THEN 'đang giải quyết' WHEN 'granted' THEN 'đã giải quyết' WHEN 'refused' THEN 'không giải quyết'
            WHEN 'withdrawn' THEN 'đã rút' ELSE a.state END,
        CASE a.state WHEN 'submitted' THEN 'submitted, waiting to be received' WHEN 'received' THEN 'received'
            WHEN 'waiting_supplement' THEN 'waiting for a supplement' WHEN 'forwarded' THEN 'being decided' WHEN 'granted' THEN 'granted'
            WHEN 'refused' THEN 'refused' WHEN 'withdrawn' THEN 'withdrawn' ELSE a.state END,
        CASE WHEN a.state = 'waiting_supplement' THEN 'người nộp hồ sơ' WHEN a.state = 'submitted' THEN 'bộ phận một cửa'
            WHEN a.state IN ('received', 'forwarded') THEN CASE
            WHEN a.service IN ('funeral', 'survivors', 'pension', 'one_off', 'unemployment', 'social_pension') THEN 'bộ phận chế độ bảo hiểm xã hội'
            WHEN a.service IN ('birth_card', 'card_reissue', 'facility_change') THEN 'bộ phận cấp thẻ bảo hiểm y tế'
            WHEN a.service IN ('account_change') THEN 'bộ phận chi trả'
            WHEN a.service IN ('book_correction') THEN 'bộ phận thu, sổ bảo hiểm xã hội' END ELSE '—' END,
        CASE WHEN a.state = 'waiting_supplement' THEN 'the applicant' WHEN a.state = 'submitted' THEN 'the one-stop counter'
            WHEN a.state IN ('received', 'forwarded') THEN CASE
            WHEN a.service IN ('funeral', 'survivors', 'pension', 'one_off', 'unemployment', 'social_pension') THEN 'the benefits desk'
            WHEN a.service IN ('birth_card', 'card_reissue', 'facility_change') THEN 'the card desk'
            WHEN a.service IN ('account_change') THEN 'the payments desk'
            WHEN a.service IN ('book_correction') THEN 'the contribution-book desk' END ELSE '—' END,
        a.submitted_at, greatest(a.due_on, w.new_due_on), p.because_vi, p.because_en, a.result_vi, a.result_en, a.closed_on
    FROM services_application a
    LEFT JOIN services_pause p ON p.person_id = a.person_id AND p.application_id = a.application_id AND p.ended_at IS NULL
    LEFT JOIN LATERAL (
        SELECT max(x.new_due_on) AS new_due_on FROM services_alert x
        WHERE x.person_id = a.person_id AND x.application_id = a.application_id AND x.kind = 'late') w ON true
    WHERE a.person_id = p_person AND a.submitted_at IS NOT NULL
    UNION ALL
    SELECT 'benefit', b.application_id::text, b.kind, CASE b.kind WHEN 'retirement' THEN 'Lương hưu' WHEN 'one_off' THEN 'Bảo hiểm xã hội một lần'
            WHEN 'retirement_extra' THEN 'Trợ cấp một lần khi nghỉ hưu' WHEN 'funeral' THEN 'Trợ cấp mai táng' WHEN 'survivors' THEN 'Trợ cấp tuất'
            WHEN 'unemployment' THEN 'Trợ cấp thất nghiệp' WHEN 'social_pension' THEN 'Trợ cấp hưu trí xã hội'
            WHEN 'bridge' THEN 'Trợ cấp hằng tháng khi chưa đủ tuổi hưởng trợ cấp hưu trí xã hội' ELSE b.kind END, CASE b.kind
            WHEN 'retirement' THEN 'Retirement pension' WHEN 'one_off' THEN 'One-off withdrawal'
            WHEN 'retirement_extra' THEN 'Extra one-off at retirement' WHEN 'funeral' THEN 'Funeral allowance'
            WHEN 'survivors' THEN 'Survivors'' allowances' WHEN 'unemployment' THEN 'Unemployment benefit' WHEN 'social_pension' THEN 'Social pension'
            WHEN 'bridge' THEN 'Bridge allowance until the social pension' ELSE b.kind END, b.state,
        CASE b.state WHEN 'filed' THEN 'đã tiếp nhận' WHEN 'gathering' THEN 'đang thu thập dữ kiện' WHEN 'waiting_papers' THEN 'chờ bổ sung giấy tờ'
            WHEN 'waiting_confirmation' THEN 'chờ xác nhận' WHEN 'prepared' THEN 'đã lập, chờ duyệt' WHEN 'granted' THEN 'đã quyết định hưởng'
            WHEN 'refused' THEN 'đã quyết định không hưởng' WHEN 'withdrawn' THEN 'đã rút' ELSE b.state END,
        CASE b.state WHEN 'filed' THEN 'received' WHEN 'gathering' THEN 'facts being gathered' WHEN 'waiting_papers' THEN 'waiting for papers'
            WHEN 'waiting_confirmation' THEN 'waiting for a confirmation' WHEN 'prepared' THEN 'prepared, waiting for approval'
            WHEN 'granted' THEN 'granted' WHEN 'refused' THEN 'refused' WHEN 'withdrawn' THEN 'withdrawn' ELSE b.state END,
        CASE WHEN b.state IN ('waiting_papers', 'waiting_confirmation') THEN 'người nộp hồ sơ'
            WHEN b.closed_on IS NULL THEN 'bộ phận chế độ bảo hiểm xã hội' ELSE '—' END,
        CASE WHEN b.state IN ('waiting_papers', 'waiting_confirmation') THEN 'the applicant' WHEN b.closed_on IS NULL THEN 'the benefits desk' ELSE '—' END,
        b.filed_at, b.due_on, m.vi, m.en, d.because_vi, d.because_en, b.closed_on
    FROM benefits_application b
    LEFT JOIN LATERAL (
        SELECT string_agg(one ->> 'vi', '; ') AS vi, string_agg(one ->> 'en', '; ') AS en FROM jsonb_array_elements(b.missing) AS one
        WHERE b.state IN ('waiting_papers', 'waiting_confirmation')) m ON true
    LEFT JOIN benefits_decision d ON d.person_id = b.person_id AND d.decision_id = b.decision_id
    WHERE b.person_id = p_person AND b.channel <> 'event'
      AND NOT EXISTS (
        SELECT FROM services_application a WHERE a.person_id = b.person_id AND a.forwarded_to = 'benefits.application:' || b.application_id)
    ORDER BY 11 DESC, 2
    LIMIT 50
$$;
REVOKE ALL ON FUNCTION services_told_files(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION services_told_files(bigint) TO ansinh_app;
