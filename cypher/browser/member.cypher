// title: What is one member tied to?
// :param {member: '8796093022357'}
// param member: STRING, an id
// column path: PATH, the member, a tie of any type, and what is at its other end
// order: type of tie, id of the other end by code point, since
// scan: none
MATCH path = (:Member {id: $member})-[tie]-(other)
RETURN path
ORDER BY type(tie), other.id, tie.since
