// title: Whom one member has something in common with: who is one and two steps away, in a group and tied to a page of theirs (docs/rules.md, section 2)
// requires: m, gone, at
// provides: first_degree, second_degree, group_mates, page_mates, workmates
CALL (m, gone) {
  MATCH path = (m)-[:CONNECTED_TO*1..2]-(near)
  WHERE all(n IN nodes(path) WHERE NOT n.status IN gone)
  WITH near, min(length(path)) AS steps // which lets Neo4j look at nobody twice
  RETURN collect(CASE steps WHEN 1 THEN near END) AS first_degree, collect(CASE steps WHEN 2 THEN near END) AS second_degree
}
CALL (m, gone) {
  MATCH (m)-[:MEMBER_OF]->(:Group {messaging: true})<-[:MEMBER_OF]-(mate)
  WHERE NOT m.status IN gone
  RETURN collect(DISTINCT mate) AS group_mates
}
CALL (m, gone, at) {
  MATCH (m)-[mine:WORKS_AT|FOLLOWS]->(:Company)<-[theirs:WORKS_AT|FOLLOWS]-(mate)
  WHERE NOT m.status IN gone AND coalesce(mine.until > at, true) AND coalesce(theirs.until > at, true)
  RETURN collect(DISTINCT mate) AS page_mates,
         collect(DISTINCT CASE WHEN mine:WORKS_AT AND theirs:WORKS_AT THEN mate END) AS workmates
}
