-- Which of the verdicts on a bag decides about it. Everything that asks, asks here.
-- With the rights and behind the fence of who asks; the planner takes it apart like a view.
CREATE FUNCTION counting_verdict(of_pharmacy text, of_roll text, of_serial text)
RETURNS SETOF verdicts LANGUAGE sql STABLE AS $counting$
    SELECT w.* FROM verdicts AS w
    WHERE w.pharmacy_id = of_pharmacy AND w.roll = of_roll AND w.serial = of_serial
    ORDER BY w.by_person = 1 AND w.verdict = 'fail' AND NOT EXISTS
        (SELECT 1 FROM verdicts AS p WHERE p.pharmacy_id = w.pharmacy_id
         AND p.roll = w.roll AND p.serial = w.serial AND p.by_person = 1
         AND p.verdict_id > w.verdict_id) DESC, w.verdict_id DESC
    LIMIT 1
$counting$;
COMMENT ON FUNCTION counting_verdict IS 'The verdict that decides about a bag, or none: the last word of a person where it is a refusal, which no line takes back, else the last verdict';
COMMENT ON TABLE verdicts IS 'What a line or a person decided about a bag; counting_verdict tells which one holds';
