// title: Which of the things that a question names are there?
// :param {pack: 'article', members: ['4398046511325', 'nobody']}
// param pack: STRING, a rule pack by name
// param members: LIST<STRING>, ids
// column loading: BOOLEAN, whether a load is under way or was cut short
// column packs: LIST<STRING>, the names of the loaded packs
// column hash: STRING, the pack's identity, or null where the pack is not loaded
// column tiers: LIST<STRING>, the pack's tiers by rank
// column channels: LIST<STRING>, the pack's channels in the order of the rules
// column undefined: LIST<MAP>, each tier that members are on and the pack does not define, with the count of members
// column unknown: LIST<STRING>, the ids that are no member's, in the order asked
// order: one row
// scan: members
OPTIONAL MATCH (pack:RulePack {name: $pack})
WITH pack,
     COLLECT { MATCH (loaded:RulePack) RETURN loaded.name ORDER BY loaded.name } AS packs,
     COLLECT { MATCH (pack)-[:DEFINES]->(tier:Tier) RETURN tier.name ORDER BY tier.rank } AS tiers,
     COLLECT {
       MATCH (pack)-[:DEFINES]->(:Tier)-[:GRANTS]->(channel:Channel)
       WITH DISTINCT channel
       RETURN channel.name ORDER BY channel.position
     } AS channels
CALL (tiers) {
  MATCH (m:Member)
  WHERE m.tier <> '' AND NOT m.tier IN tiers
  WITH m.tier AS tier, count(*) AS members
  ORDER BY tier
  RETURN collect({tier: tier, members: members}) AS undefined
}
RETURN EXISTS { (:GraphState {id: 'graph', loading: true}) } AS loading, packs, pack.hash AS hash, tiers, channels, undefined,
       [id IN $members WHERE NOT EXISTS { (:Member {id: id}) }] AS unknown
