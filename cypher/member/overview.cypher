// title: How much has the network, and whom could one ask about first?
// :param {most: 8}
// param most: INTEGER, at most so many examples
// column members: INTEGER
// column connections: INTEGER
// column groups: INTEGER
// column companies: INTEGER
// column examples: LIST<MAP>, the first members by id by code point who are active and connected, of the keys id and name
// order: one row
// scan: members
RETURN COUNT { (:Member) } AS members, COUNT { ()-[:CONNECTED_TO]->() } AS connections,
       COUNT { (:Group) } AS groups, COUNT { (:Company) } AS companies,
       COLLECT {
         MATCH (m:Member)
         WHERE m.status = 'active' AND EXISTS { (m)-[:CONNECTED_TO]-() }
         WITH m
         ORDER BY m.id
         LIMIT toInteger($most)
         RETURN m {.id, .name}
       } AS examples
