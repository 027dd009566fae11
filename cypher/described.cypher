// title: A rule pack as one map, with its tiers by rank and its channels in the order of the rules; null where there is no pack
// requires: pack
// provides: described
WITH *, pack {.name, .hash, .title, .source, .page_ties, .inmail_respects_opt_out, .connections_always_in_audience,
  date: toString(pack.date),
  tiers: COLLECT {
    MATCH (pack)-[:DEFINES]->(tier:Tier)
    RETURN tier {.name, .rank, .direct_degree, .monthly_messages, .monthly_inmails, .inmail_grant, .inmail_cap,
      costs: {unblock: tier.cost_unblock, join: tier.cost_join, follow: tier.cost_follow, connect: tier.cost_connect,
        wait: tier.cost_wait, credit: tier.cost_credit, upgrade: tier.cost_upgrade},
      grants: COLLECT {
      MATCH (tier)-[:GRANTS]->(channel:Channel)
      RETURN channel.name ORDER BY channel.position
    }} ORDER BY tier.rank
  },
  channels: COLLECT {
    MATCH (pack)-[:DEFINES]->(:Tier)-[:GRANTS]->(channel:Channel)
    WITH DISTINCT channel
    ORDER BY channel.position
    RETURN channel {.name, .kind}
  }
} AS described
