// title: The members whom a text fits, by id or by words of the name, and how well
// requires: text, whole, words
// provides: m, place, score
CALL (text, whole, words) {
  CALL (text, whole, words) {
    MATCH (m:Member {id: text})
    RETURN m, 0 AS place, 0.0 AS score
    UNION ALL
    MATCH (m:Member)
    WHERE m.id STARTS WITH text
    WITH m
    ORDER BY m.id
    LIMIT toInteger($most)
    RETURN m, 1 AS place, 0.0 AS score
    UNION ALL
    UNWIND CASE whole WHEN '' THEN [] ELSE [whole] END AS query
    CALL db.index.fulltext.queryNodes('member_text', query, {limit: 1000}) YIELD node, score
    RETURN node AS m, CASE toLower(node.name) WHEN toLower(text) THEN 2 ELSE 3 END AS place, score
    UNION ALL
    UNWIND CASE words WHEN '' THEN [] ELSE [words] END AS query
    CALL db.index.fulltext.queryNodes('member_text', query, {limit: 1000}) YIELD node, score
    RETURN node AS m, CASE WHEN toLower(node.name) STARTS WITH toLower(text) THEN 4 ELSE 5 END AS place, score
  }
  RETURN m, min(place) AS place, max(score) AS score
}
