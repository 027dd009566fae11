// title: How many members are there?
// :param {}
// column members: INTEGER
// order: one row
// scan: none
MATCH (m:Member)
RETURN count(m) AS members
