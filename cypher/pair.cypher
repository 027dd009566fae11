// title: What two members have in common (docs/rules.md, section 2)
// requires: s, r, gone, at
// provides: degree, path, mutuals, groups, pages, workplaces, shared_groups, shared_pages, shared_workplaces
CALL (s, r, gone) {
  OPTIONAL MATCH path = SHORTEST 1 (s)(()-[:CONNECTED_TO]-(n WHERE NOT n.status IN gone)){1,3}(r)
  WHERE NOT s.status IN gone
  RETURN length(path) AS degree, [n IN nodes(path) | n.id] AS path
}
CALL (s, r, gone) {
  MATCH (s)-[:CONNECTED_TO]-(mutual)-[:CONNECTED_TO]-(r)
  USING JOIN ON mutual  // two lists put together; else each of s's connections is looked up at r's, and hubs have thousands
  WHERE NOT s.status IN gone AND NOT mutual.status IN gone AND NOT r.status IN gone
  RETURN count(mutual) AS mutuals
}
CALL (s, r, gone) {
  MATCH (s)-[:MEMBER_OF]->(group:Group {messaging: true})<-[:MEMBER_OF]-(r)
  WHERE NOT s.status IN gone AND NOT r.status IN gone
  WITH group.id AS group
  ORDER BY group
  RETURN collect(group) AS groups
}
// include: pages
WITH *, size(groups) AS shared_groups
