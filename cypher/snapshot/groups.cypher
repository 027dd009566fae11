// title: Every group, as columns, and by which number members name it
// :param {}
// column node: LIST<INTEGER>, of this transaction only
// column id: LIST<STRING>
// column messaging: LIST<BOOLEAN>
// order: one row, its lists by id by code point
// scan: members
MATCH (group:Group)
WITH group
ORDER BY group.id
RETURN collect(id(group)) AS node, collect(group.id) AS id, collect(group.messaging) AS messaging
