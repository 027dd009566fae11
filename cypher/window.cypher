// title: The members whom a page looks at, in the order of ids, and the one at whom its window ends, if it does before the last
// requires: nothing
// provides: other, window_end
CALL () {
  MATCH (far:Member)
  WHERE far.id > $after
  WITH far
  ORDER BY far.id
  SKIP toInteger($window)
  LIMIT 1
  RETURN head(collect(far)) AS window_end
}
MATCH (other:Member)
WHERE other.id > $after
WITH *
ORDER BY other.id // which is the order of the index: nothing is sorted, and rows go out as they are made
LIMIT toInteger($window) + 1
