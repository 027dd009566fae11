// title: Everybody whom a degree, a group or a page links to one member, and what the two have in common (docs/rules.md, section 2)
// requires: m, gone, at
// provides: other, degree, shared_groups, shared_pages, shared_workplaces
CALL (m, gone, at) {
  CALL (m, gone, at) {
    MATCH path = (m)-[:CONNECTED_TO*1..3]-(other:Member)
    WHERE all(n IN nodes(path) WHERE NOT n.status IN gone)
    RETURN other, min(length(path)) AS degree, 0 AS shared_groups, 0 AS shared_pages, 0 AS shared_workplaces
    UNION ALL
    MATCH (m)-[:MEMBER_OF]->(group:Group {messaging: true})<-[:MEMBER_OF]-(other:Member)
    WHERE NOT m.status IN gone AND NOT other.status IN gone
    RETURN other, null AS degree, count(group) AS shared_groups, 0 AS shared_pages, 0 AS shared_workplaces
    UNION ALL
    MATCH (m)-[mine:WORKS_AT|FOLLOWS]->(page:Company)<-[theirs:WORKS_AT|FOLLOWS]-(other:Member)
    WHERE NOT m.status IN gone AND NOT other.status IN gone
      AND coalesce(mine.until > at, true) AND coalesce(theirs.until > at, true)
    RETURN other, null AS degree, 0 AS shared_groups, count(DISTINCT page) AS shared_pages,
           count(DISTINCT CASE WHEN mine:WORKS_AT AND theirs:WORKS_AT THEN page END) AS shared_workplaces
  }
  WITH other, min(degree) AS degree, sum(shared_groups) AS shared_groups, sum(shared_pages) AS shared_pages,
       sum(shared_workplaces) AS shared_workplaces
  WHERE other <> m
  RETURN other, degree, shared_groups, shared_pages, shared_workplaces
}
