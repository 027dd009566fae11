// title: Take some members, groups and companies away, with all their relationships
// :param {most: 1000}
// param most: INTEGER, how many at most
// column gone: INTEGER, how many; 0 when none was left
// order: one row
// scan: members
MATCH (state:GraphState {id: 'graph'})
CALL () {
  MATCH (node:Member|Group|Company)
  WITH node LIMIT $most
  DETACH DELETE node
  RETURN count(*) AS gone
}
SET state.emptying = gone > 0
RETURN gone
