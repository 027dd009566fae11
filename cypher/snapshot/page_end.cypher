// title: The last id of the next page of members, so that pages can be read side by side
// :param {after: '', most: 100}
// param after: STRING, the last id of the page before; no id is ''
// param most: INTEGER, how many members make a page
// column id: STRING
// order: one row at most
// scan: none
MATCH (m:Member)
WHERE m.id > $after
WITH m.id AS id
ORDER BY id
SKIP $most - 1
LIMIT 1
RETURN id
