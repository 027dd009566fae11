// title: Take a hash back: later loads may bring the member again
// :param {hash: 'example'}
// param hash: STRING
// column taken: INTEGER, 1, or 0 where there is no such hash
// order: one row
// scan: none
OPTIONAL MATCH (forgotten:Forgotten {hash: $hash})
DELETE forgotten
RETURN count(forgotten) AS taken
