// title: The stretch of ids that a page looks at, in the order of the index, and where its window ends, if it does before the last member
// needs: nothing
// gives: stretch, window_end
CALL () {
  MATCH (far:Member)
  WHERE far.id > $after
  WITH far
  ORDER BY far.id
  LIMIT toInteger($window) + 1
  RETURN collect(far) AS stretch
}
WITH *, CASE WHEN size(stretch) > $window THEN stretch[-1] END AS window_end
