// title: Where the window of a page ends, if it does before the last member
// needs: nothing
// gives: window_end
CALL () {
  MATCH (far:Member)
  WHERE far.id > $after
  WITH far
  ORDER BY far.id
  SKIP toInteger($window)
  LIMIT 1
  RETURN head(collect(far)) AS window_end
}
