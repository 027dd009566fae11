// title: Which members does a text mean, by id or by words of the name?
// :param {text: '43980465113', words: '(jan OR jan*)', most: 20}
// param text: STRING, an id or its beginning
// param words: STRING, a query in Lucene's syntax, or '' for none
// param most: INTEGER, at most so many rows
// column id: STRING
// column name: STRING, or null
// column tier: STRING, as stored
// column status: STRING
// order: the id itself, then ids that begin so, then by how well the words fit; then id by code point
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
  UNWIND CASE $words WHEN '' THEN [] ELSE [$words] END AS words
  CALL db.index.fulltext.queryNodes('member_text', words, {limit: 1000}) YIELD node, score
  RETURN node AS m, 2 AS place, score
}
WITH m, min(place) AS place, max(score) AS score
RETURN m.id AS id, m.name AS name, m.tier AS tier, m.status AS status
ORDER BY place, score DESC, id
LIMIT toInteger($most)
