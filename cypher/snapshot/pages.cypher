// title: Every company page, as columns, and by which number members name it
// :param {}
// column node: LIST<INTEGER>, of this transaction only
// column id: LIST<STRING>
// order: one row, its lists by id by code point
// scan: members
MATCH (page:Company)
WITH page
ORDER BY page.id
RETURN collect(id(page)) AS node, collect(page.id) AS id
