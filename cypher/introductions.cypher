// title: Over whom one member could be introduced to another, the strongest way first (docs/rules.md, section 9)
// requires: nothing
// provides: start, target, degree, ways
// include: asked
// include: every_tier_defined
MATCH (s:Member {id: $sender})
MATCH (r:Member {id: $recipient})
// include: effective_tier
WITH *, CASE $as_tier WHEN '' THEN effective ELSE $as_tier END AS asked_as
WHERE asked_as IN [tier IN tiers | tier.name] AND all(id IN $through + $without WHERE EXISTS { (:Member {id: id}) })
CALL (s, gone) {
  MATCH (s)-[:CONNECTED_TO]-(x WHERE NOT x.status IN gone)
  WHERE NOT s.status IN gone
  RETURN collect(x) AS of_s
}
CALL (r, gone) {
  MATCH (r)-[:CONNECTED_TO]-(y WHERE NOT y.status IN gone)
  WHERE NOT r.status IN gone
  RETURN collect(y) AS of_r
}
// Every way that the ties make, by its first introducer x and its last: one who knows both, or, from the side that knows
// fewer, two who know each other. A walk is x and a list of the last ones, each with the strength that their tie was given.
CALL (s, r, of_s, of_r) {
  WITH size(of_s) <= size(of_r) AS from_s, [x IN of_s WHERE x IN of_r] AS mutuals
  WITH *, CASE WHEN from_s THEN of_s ELSE of_r END AS near, CASE WHEN from_s THEN of_r ELSE of_s END AS far
  CALL (s, r, near, far, from_s) {
    UNWIND near AS one
    MATCH (one)-[tie:CONNECTED_TO]-(other)
    WHERE other IN far AND one <> r AND one <> s AND other <> s AND other <> r
    WITH CASE WHEN from_s THEN one ELSE other END AS x, CASE WHEN from_s THEN other ELSE one END AS last, tie.strength AS given
    WITH x, collect([last, given]) AS lasts
    RETURN collect([x, lasts]) AS over_two
  }
  RETURN [x IN mutuals | [x, [[x, null]]]] + over_two AS walks,
         CASE WHEN r IN of_s THEN 1 WHEN mutuals <> [] THEN 2 WHEN over_two <> [] THEN 3 END AS degree
}
WITH *, EXISTS { (s)-[:BLOCKED]-(r) } AS blocked
WITH *, CASE
       WHEN blocked THEN []
       WHEN $through = [] AND $without = [] THEN walks
       ELSE [walk IN walks | [walk[0], [last IN walk[1] WHERE
         all(id IN $through WHERE id IN [walk[0].id, last[0].id]) AND none(id IN $without WHERE id IN [walk[0].id, last[0].id])]]]
     END AS walks, s AS start, r AS target
// Which of them are looked at. Nothing is sorted here: the server counts the lists beside a row that is sorted as the row's.
CALL (start, target, of_s, of_r, walks, asked_as, at, gone, pack, tiers, offered, direct_reach) {
  // The first and the last tie are as strong as they are, one between is at most so strong as its ends know people.
  CALL (start, target, of_s, of_r, walks, asked_as, at, gone, pack, tiers, offered, direct_reach) {
    UNWIND walks AS walk
    WITH walk[0] AS reader, walk[1] AS lasts, start AS writer, asked_as AS as_tier
    WHERE lasts <> []
    // include: can_write
    WITH reader AS x, lasts, can_write
    WHERE can_write
    MATCH (start)-[tie:CONNECTED_TO]-(x)
    WITH x, lasts, coalesce(tie.strength, 100 - 100 / (2 + COUNT { (x)-[:CONNECTED_TO]-(m) WHERE m IN of_s })) AS first,
         COUNT { (x)-[:CONNECTED_TO]-() } AS known_to_x
    UNWIND lasts AS last
    WITH last[0] AS writer, collect([x, x.id, first, known_to_x, last[1]]) AS firsts
    WITH writer, firsts, target AS reader, null AS as_tier
    // include: can_write
    WITH writer AS last, firsts, can_write
    WHERE can_write
    MATCH (last)-[tie:CONNECTED_TO]-(target)
    WITH last, last.id AS last_id, firsts, COUNT { (last)-[:CONNECTED_TO]-() } AS known_to_last,
         coalesce(tie.strength, 100 - 100 / (2 + COUNT { (last)-[:CONNECTED_TO]-(m) WHERE m IN of_r })) AS final
    UNWIND firsts AS each
    WITH each[0] AS x, each[1] AS x_id, each[2] * final AS ends, each[4] AS given, last, last_id,
         CASE WHEN each[0] = last THEN 2 ELSE 3 END AS ties, CASE WHEN each[3] < known_to_last THEN each[3] ELSE known_to_last END AS known
    WITH *, ends * CASE ties WHEN 2 THEN 100 ELSE coalesce(given, 100 - 100 / (1 + known)) END AS at_most
    RETURN collect([-at_most, ties, x_id, last_id, ends, given, x, last]) AS candidates // the first four put them in order
  }
  // Each one that could be the best of those told once; a first look at some of the best says where the ways asked for end.
  CALL (candidates) {
    UNWIND candidates AS candidate
    WITH CASE WHEN $every_way THEN candidate[..4] ELSE candidate[2] END AS told, min(candidate) AS candidate
    RETURN collect(candidate) AS heads
  }
  CALL (heads) {
    UNWIND heads AS candidate
    RETURN percentileDisc(candidate[0], CASE WHEN size(heads) > 2 * $most THEN 2.0 * $most / size(heads) ELSE 1.0 END) AS cut
  }
  WITH *, [candidate IN heads WHERE candidate[0] <= cut][..2 * toInteger($most)] AS looked_at
  CALL (at, gone, pack, tiers, offered, direct_reach, looked_at) {
    // include: ways
    RETURN collect(place) AS places
  }
  WITH *, head([place IN places WHERE size([other IN places WHERE other <= place]) = $most]) AS end
  UNWIND candidates AS candidate
  WITH candidate
  WHERE end IS NULL OR candidate[..4] <= end
  RETURN collect(candidate) AS looked_at
}
WITH start, target, degree, at, gone, pack, tiers, offered, direct_reach, head(collect(looked_at)) AS looked_at
CALL (start, target, at, gone, pack, tiers, offered, direct_reach, looked_at) {
  // include: ways
  WITH CASE WHEN $every_way THEN place ELSE x END AS told, min([place, x, last]) AS way
  ORDER BY way
  LIMIT toInteger($most)
  WITH way[0] AS place, way[1] AS x, way[2] AS last
  WITH place, [start, x] + CASE place[1] WHEN 2 THEN [] ELSE [last] END + [target] AS members
  CALL (members, gone) {
    UNWIND range(0, size(members) - 2) AS number
    WITH number, members[number] AS a, members[number + 1] AS b
    MATCH (a)-[tie:CONNECTED_TO]-(b)
    CALL (a, b, gone) {
      MATCH (a)-[:CONNECTED_TO]-(m WHERE NOT m.status IN gone)
      WITH collect(m) AS known_to_a
      RETURN COUNT { (b)-[:CONNECTED_TO]-(m) WHERE m IN known_to_a } AS mutuals
    }
    WITH number, {a: a.id, b: b.id, strength: coalesce(tie.strength, 100 - 100 / (2 + mutuals)), mutuals: mutuals,
                  given: tie.strength IS NOT NULL} AS tie
    ORDER BY number
    RETURN collect(tie) AS ties
  }
  WITH place, {members: [n IN members | n.id], strength: -place[0], ties: ties} AS way
  ORDER BY place
  RETURN collect(way) AS ways
}
