// title: What one member is compared with everybody else by: who is one and two steps away, groups, and pages (docs/rules.md, section 2)
// requires: m, gone, at
// provides: first_degree, second_degree, my_groups, my_pages, my_workplaces
CALL (m, gone) {
  MATCH (m)-[:CONNECTED_TO]-(near WHERE NOT near.status IN gone)
  WHERE NOT m.status IN gone
  RETURN collect(near) AS first_degree
}
CALL (gone, first_degree) {
  UNWIND first_degree AS near
  MATCH (near)-[:CONNECTED_TO]-(next WHERE NOT next.status IN gone)
  RETURN collect(DISTINCT next) AS second_degree
}
CALL (m, gone, at) {
  OPTIONAL MATCH (m)-[:MEMBER_OF]->(group:Group {messaging: true})
  WHERE NOT m.status IN gone
  RETURN collect(group) AS my_groups
}
CALL (m, gone, at) {
  OPTIONAL MATCH (m)-[tie:WORKS_AT|FOLLOWS]->(page:Company)
  WHERE NOT m.status IN gone AND coalesce(tie.until > at, true)
  RETURN collect(DISTINCT page) AS my_pages, collect(DISTINCT CASE WHEN tie:WORKS_AT THEN page END) AS my_workplaces
}
