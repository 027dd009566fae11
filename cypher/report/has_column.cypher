// title: Does any member have this column?
// :param {by: 'location'}
// param by: STRING, the name of a property
// column member: STRING, one member who has it; no row where nobody has
// order: one row, or none
// scan: members
MATCH (m:Member)
WHERE m[$by] IS NOT NULL
RETURN m.id AS member
LIMIT 1
