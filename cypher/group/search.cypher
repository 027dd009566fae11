// title: Which groups does a text mean, by id or by words of the name?
// :param {text: '13743895', words: '(brazil OR brazil*)', most: 20}
// param text: STRING, an id or its beginning
// param words: STRING, a query in Lucene's syntax, or '' for none
// param most: INTEGER, at most so many rows
// column id: STRING
// column name: STRING, or null
// column messaging: BOOLEAN, whether its members can write to each other there
// order: the id itself, then ids that begin so, then by how well the words fit; then id by code point
// scan: none
CALL () {
  MATCH (group:Group {id: $text})
  RETURN group, 0 AS place, 0.0 AS score
  UNION ALL
  MATCH (group:Group)
  WHERE group.id STARTS WITH $text
  WITH group
  ORDER BY group.id
  LIMIT toInteger($most)
  RETURN group, 1 AS place, 0.0 AS score
  UNION ALL
  UNWIND CASE $words WHEN '' THEN [] ELSE [$words] END AS words
  CALL db.index.fulltext.queryNodes('group_text', words, {limit: 1000}) YIELD node, score
  RETURN node AS group, 2 AS place, score
}
WITH group, min(place) AS place, max(score) AS score
RETURN group.id AS id, group.name AS name, group.messaging AS messaging
ORDER BY place, score DESC, id
LIMIT toInteger($most)
