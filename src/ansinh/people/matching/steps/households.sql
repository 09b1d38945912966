-- Hộ bảo hiểm và hộ trong CSDL dân cư, nối bởi thành viên đã xác thực · Which register households the verified members of each insured household name.
SELECT household, register_household, count(DISTINCT record) AS members
FROM linked_files
WHERE outcome = 'accept' AND household IS NOT NULL AND register_household IS NOT NULL
GROUP BY household, register_household
