// title: How strong ways are, of those where x can write to the last one, whose ends are (docs/rules.md, section 9)
// requires: looked_at, at, gone, pack, tiers, offered, direct_reach
// provides: x, last, place
UNWIND looked_at AS candidate
WITH candidate[6] AS x, collect(candidate) AS of_x
CALL (x, gone) {
  MATCH (x)-[:CONNECTED_TO]-(m WHERE NOT m.status IN gone)
  RETURN collect(m) AS known_to_x
}
UNWIND of_x AS candidate
WITH x, known_to_x, candidate, x AS writer, candidate[7] AS reader, null AS as_tier
// include: can_write
WITH x, known_to_x, candidate, reader AS last, can_write
WHERE can_write OR x = last
WITH x, last, [-candidate[4] * CASE WHEN x = last THEN 100 ELSE
       coalesce(candidate[5], 100 - 100 / (2 + COUNT { (last)-[:CONNECTED_TO]-(m) WHERE m IN known_to_x })) END] + candidate[1..4] AS place
