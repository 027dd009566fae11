// title: Which company pages does a text mean, by id or by words of the name?
// :param {text: '29', words: '(air OR air*)', most: 20}
// param text: STRING, an id or its beginning
// param words: STRING, a query in Lucene's syntax, or '' for none
// param most: INTEGER, at most so many rows
// column id: STRING
// column name: STRING, or null
// order: the id itself, then ids that begin so, then by how well the words fit; then id by code point
// scan: none
CALL () {
  MATCH (company:Company {id: $text})
  RETURN company, 0 AS place, 0.0 AS score
  UNION ALL
  MATCH (company:Company)
  WHERE company.id STARTS WITH $text
  WITH company
  ORDER BY company.id
  LIMIT toInteger($most)
  RETURN company, 1 AS place, 0.0 AS score
  UNION ALL
  UNWIND CASE $words WHEN '' THEN [] ELSE [$words] END AS words
  CALL db.index.fulltext.queryNodes('company_text', words, {limit: 1000}) YIELD node, score
  RETURN node AS company, 2 AS place, score
}
WITH company, min(place) AS place, max(score) AS score
RETURN company.id AS id, company.name AS name
ORDER BY place, score DESC, id
LIMIT toInteger($most)
