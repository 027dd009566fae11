// title: Every group, and how many of its members are not gone
// :param {}
// column group: STRING
// column members: INTEGER
// order: group by code point
// scan: members
// include: gone
MATCH (group:Group)
RETURN group.id AS group, COUNT { (group)<-[:MEMBER_OF]-(m:Member WHERE NOT m.status IN gone) } AS members
ORDER BY group
