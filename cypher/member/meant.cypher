// title: Whom does each of these texts mean: the member of that id, else those of that name, else those with all its words?
// :param {texts: [{text: 'Jan Zakrzewski', whole: '"jan" AND "zakrzewski"'}], whole_names: false, most: 20}
// param texts: LIST<MAP>, of the keys text, an id or a name, and whole, a query in Lucene's syntax for its words, or ''
// param whole_names: BOOLEAN, whether a name has to be the text, and not only to have its words
// param most: INTEGER, at most so many rows for each
// column text: STRING, a text that means somebody
// column id: STRING
// column name: STRING, or null
// column company: STRING, the member's own column, or the name of the page where they began last and work, or null
// column location: STRING, a column of one's own, or null
// order: the place of the text, then by how well its words fit, then id by code point
// scan: none
UNWIND range(0, size($texts) - 1) AS position
WITH position, $texts[position].text AS text, $texts[position].whole AS whole, '' AS words
// include: fitting
WITH *
WHERE place IN [0, 2] OR place = 3 AND NOT $whole_names
ORDER BY place, score DESC, m.id
WITH position, text, min(place) AS best, collect({member: m, place: place}) AS fitting
WITH position, text, [each IN fitting WHERE each.place = best | each.member][..toInteger($most)] AS members
UNWIND range(0, size(members) - 1) AS rank
WITH position, rank, text, members[rank] AS m
// include: told_apart
RETURN text, m.id AS id, m.name AS name, company, location
ORDER BY position, rank
