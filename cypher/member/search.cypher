// title: Which members does a text mean, by id or by words of the name?
// :param {text: '43980465113', whole: 'jan', words: '(jan OR jan*)', most: 20}
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
CALL () {
  MATCH (m:Member {id: $text})
  RETURN m, 0 AS place, 0.0 AS score
  UNION ALL
  MATCH (m:Member)
  WHERE m.id STARTS WITH $text
  WITH m
  ORDER BY m.id
  LIMIT toInteger($most)
  RETURN m, 1 AS place, 0.0 AS score
  UNION ALL
  UNWIND CASE $whole WHEN '' THEN [] ELSE [$whole] END AS words
  CALL db.index.fulltext.queryNodes('member_text', words, {limit: 1000}) YIELD node, score
  RETURN node AS m, CASE toLower(node.name) WHEN toLower($text) THEN 2 ELSE 3 END AS place, score
  UNION ALL
  UNWIND CASE $words WHEN '' THEN [] ELSE [$words] END AS words
  CALL db.index.fulltext.queryNodes('member_text', words, {limit: 1000}) YIELD node, score
  RETURN node AS m, CASE WHEN toLower(node.name) STARTS WITH toLower($text) THEN 4 ELSE 5 END AS place, score
}
WITH m, min(place) AS place, max(score) AS score
ORDER BY place, score DESC, m.id
LIMIT toInteger($most)
RETURN m.id AS id, m.name AS name, m.tier AS tier, m.status AS status,
       coalesce(toStringOrNull(m.company), head(COLLECT {
         MATCH (m)-[tie:WORKS_AT]->(page:Company)
         WHERE tie.until IS NULL
         RETURN coalesce(page.name, page.id) ORDER BY tie.since DESC, page.id
       })) AS company,
       coalesce(toStringOrNull(m.location), toStringOrNull(m.city), toStringOrNull(m.country)) AS location
ORDER BY place, score DESC, id
