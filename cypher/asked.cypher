// title: The instant and the rule pack that a question asks by, the pack as the graph has it; no row while a load is under way (docs/rules.md, sections 2 and 4)
// needs: nothing
// gives: at, gone, version, pack, tiers, offered, direct_reach
// include: gone
WITH *, $at AS at
MATCH (pack:RulePack {name: $pack})
OPTIONAL MATCH (state:GraphState {id: 'graph'})
WITH at, gone, pack, coalesce(state.version, 0) AS version, coalesce(state.loading, false) AS loading
WHERE NOT loading
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
