// title: Which of the things that a question names are there?
// :param {pack: 'article', members: ['4398046511325', 'nobody']}
// param pack: STRING, a rule pack by name
// param members: LIST<STRING>, ids
// column loading: BOOLEAN, whether a load is under way or was cut short
// column packs: LIST<STRING>, the names of the loaded packs
// column described: MAP, the pack with its tiers by rank and its channels, or null where it is not loaded
// column undefined: LIST<MAP>, each tier that members are on and the pack does not define, with the count of members
// column unknown: LIST<STRING>, the ids that are no member's, in the order asked
// order: one row
// scan: members
OPTIONAL MATCH (pack:RulePack {name: $pack})
// include: described
CALL (described) {
  MATCH (m:Member)
  WHERE m.tier <> '' AND NOT m.tier IN [tier IN described.tiers | tier.name]
  WITH m.tier AS tier, count(*) AS members
  ORDER BY tier
  RETURN collect({tier: tier, members: members}) AS undefined
}
RETURN EXISTS { (:GraphState {id: 'graph', loading: true}) } AS loading,
       COLLECT { MATCH (loaded:RulePack) RETURN loaded.name ORDER BY loaded.name } AS packs, described, undefined,
       [id IN $members WHERE NOT EXISTS { (:Member {id: id}) }] AS unknown
