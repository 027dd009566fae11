// title: The stretch of ids that a page looks at: where its window ends, if it does before the last member, and where it ends at the latest
// needs: nothing
// gives: window_end, stretch_end
CALL () {
  MATCH (far:Member)
  WHERE far.id > $after
  WITH far.id AS id
  ORDER BY id
  SKIP toInteger($window)
  LIMIT 1
  RETURN head(collect(id)) AS window_end
}
CALL () {
  MATCH (last:Member)
  WHERE last.id > $after
  WITH last.id AS id
  ORDER BY id DESC
  LIMIT 1
  RETURN head(collect(id)) AS last_id
}
WITH *, coalesce(window_end, last_id) AS stretch_end
