// title: The first members
// :param {most: 50}
// param most: INTEGER, at most so many
// column member: STRING
// order: member by code point
// scan: none
MATCH (m:Member)
WHERE m.id > ''
RETURN m.id AS member
ORDER BY member
LIMIT toInteger($most)
