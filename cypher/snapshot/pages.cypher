// title: Every company page, and by which number members name it
// :param {}
// column node: INTEGER, of this transaction only
// column id: STRING
// order: id by code point
// scan: members
MATCH (page:Company)
RETURN id(page) AS node, page.id AS id
ORDER BY id
