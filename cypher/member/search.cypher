// title: Which members does a text mean, by id or by words of the name?
// :param {text: '43980465113', whole: '"jan"', words: '(jan OR jan*)', most: 20}
// param text: STRING, an id or its beginning, or a name or its beginning
// param whole: STRING, a query in Lucene's syntax for the text's words, or '' for none
// param words: STRING, one for words that begin so, or '' for none
// param most: INTEGER, at most so many rows
// column id: STRING
// column name: STRING, or null
// column tier: STRING, as stored
// column status: STRING
// column company: STRING, the member's own column, or the name of the page where they began last and work, or null
// column location: STRING, a column of one's own, or null
// order: the id itself, then ids that begin so, the name itself, all words whole, names that begin so, the rest; then by how well the words fit; then id by code point
// scan: none
WITH $text AS text, $whole AS whole, $words AS words
// include: fitting
WITH m, place, score
ORDER BY place, score DESC, m.id
LIMIT toInteger($most)
// include: told_apart
RETURN m.id AS id, m.name AS name, m.tier AS tier, m.status AS status, company, location
ORDER BY place, score DESC, id
