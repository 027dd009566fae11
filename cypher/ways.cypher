// title: How strong ways are, of those where x can write to the last one, whose ends are (docs/rules.md, section 9)
// requires: looked_at, at, gone, pack, tiers, offered, direct_reach
// provides: ways
UNWIND looked_at AS walk
WITH walk[0] AS x, collect(walk) AS of_x
CALL (x, gone) {
  MATCH (x)-[:CONNECTED_TO]-(m WHERE NOT m.status IN gone)
  RETURN collect(m) AS known_to_x
}
UNWIND of_x AS walk
WITH x, known_to_x, walk, x AS writer, walk[1] AS reader, null AS as_tier
// include: can_write
WITH x, known_to_x, walk, reader AS last, can_write
WHERE can_write OR x = last
WITH x, last, walk[2] * CASE WHEN x = last THEN 100 ELSE
       coalesce(walk[3], 100 - 100 / (2 + COUNT { (last)-[:CONNECTED_TO]-(m) WHERE m IN known_to_x })) END AS strength
WITH collect([x, last, strength]) AS ways
