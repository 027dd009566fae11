// title: The company pages that tie two members at an instant, by either tie or both by work (docs/rules.md, section 2)
// requires: s, r, gone, at
// provides: pages, workplaces, shared_pages, shared_workplaces
CALL (s, r, gone, at) {
  MATCH (s)-[mine:WORKS_AT|FOLLOWS]->(page:Company)<-[theirs:WORKS_AT|FOLLOWS]-(r)
  WHERE NOT s.status IN gone AND NOT r.status IN gone
    AND coalesce(mine.until > at, true) AND coalesce(theirs.until > at, true)
  WITH page.id AS page, max(CASE WHEN mine:WORKS_AT AND theirs:WORKS_AT THEN 1 ELSE 0 END) AS workplace
  ORDER BY page
  RETURN collect(page) AS pages, collect(CASE workplace WHEN 1 THEN page END) AS workplaces
}
WITH *, size(pages) AS shared_pages, size(workplaces) AS shared_workplaces
