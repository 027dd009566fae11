// title: Every group, and by which number members name it
// :param {}
// column node: INTEGER, of this transaction only
// column id: STRING
// column messaging: BOOLEAN
// order: id by code point
// scan: members
MATCH (group:Group)
RETURN id(group) AS node, group.id AS id, group.messaging AS messaging
ORDER BY id
