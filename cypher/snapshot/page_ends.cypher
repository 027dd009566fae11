// title: The last id of each whole page of members, so that pages can be read side by side
// :param {most: 100}
// param most: INTEGER, how many members make a page
// column id: STRING
// order: that of the pages
// scan: none
MATCH (m:Member)
WHERE m.id > ''
WITH m.id AS id
ORDER BY id
WITH collect(id) AS ids
UNWIND range($most - 1, size(ids) - 1, $most) AS place
RETURN ids[place] AS id
ORDER BY place
