// title: Whom is a member connected to?
// :param {member: '4398046511325'}
// param member: STRING
// column id: STRING
// order: id
// scan: none
MATCH (:Member {id: $member})-[:CONNECTED_TO]-(other:Member)
RETURN other.id AS id
ORDER BY id
