// title: Everybody else, and what one member has in common with them
// requires: m, gone, at
// provides: other, degree, shared_groups, shared_pages, shared_workplaces
CALL (m, gone, at) {
  // include: near
  MATCH (other:Member)
  WHERE other <> m
  // include: together
  RETURN other, degree, shared_groups, shared_pages, shared_workplaces
}
