// title: A rule pack as the graph has it: tiers by rank, channels in the order of the rules (docs/rules.md, section 4)
// requires: nothing
// provides: pack, tiers, offered, direct_reach
MATCH (pack:RulePack {name: $pack})
CALL (pack) {
  MATCH (pack)-[:DEFINES]->(tier:Tier)
  WITH tier, COLLECT { MATCH (tier)-[:GRANTS]->(channel:Channel) RETURN channel.name } AS grants
  ORDER BY tier.rank
  RETURN collect(tier {.*, grants}) AS tiers
}
CALL (pack) {
  MATCH (pack)-[:DEFINES]->(:Tier)-[:GRANTS]->(channel:Channel)
  WITH DISTINCT channel
  ORDER BY channel.position
  RETURN collect(channel {.name, .kind}) AS offered
}
WITH *, reduce(farthest = 0, tier IN tiers |
  CASE WHEN 'direct' IN tier.grants AND tier.direct_degree > farthest THEN tier.direct_degree ELSE farthest END
) AS direct_reach
