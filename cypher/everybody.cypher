// title: Everybody else, and what one member has in common with them
// requires: m, gone, at
// provides: other, degree, shared_groups, shared_pages, shared_workplaces
CALL (m, gone, at) {
  CALL (m, gone, at) {
    MATCH (other:Member)
    RETURN other, null AS degree, 0 AS shared_groups, 0 AS shared_pages, 0 AS shared_workplaces
    UNION ALL
    // include: linked
    RETURN other, degree, shared_groups, shared_pages, shared_workplaces
  }
  WITH other, min(degree) AS degree, max(shared_groups) AS shared_groups, max(shared_pages) AS shared_pages,
       max(shared_workplaces) AS shared_workplaces
  WHERE other <> m
  RETURN other, degree, shared_groups, shared_pages, shared_workplaces
}
