// title: Who reaches one member, and by which channels?
// :param {member: '4398046511325', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', asked_channels: [], max_degree: 0, possible: false}
// param member: STRING, the recipient's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask every sender as, '' for their own
// param asked_channels: LIST<STRING>, at least one of these must be open; none: those of kind message, request and paid
// param max_degree: INTEGER, 1 to 3: nobody farther away and nobody without a degree; 0: everybody
// param possible: BOOLEAN, whether also those are listed who are not reached and possibly are
// column degree: INTEGER, 1 to 3, or null where there is none
// column channels: LIST<STRING>, the open ones among those asked for, in the order of the rules; none: possibly reached
// column certain: BOOLEAN, whether that is certain of the channels asked for
// column senders: LIST<STRING>, everybody of whom this is so, in no order
// order: degree (none last), channels, certain
// scan: members
// include: asked
// include: every_tier_defined
MATCH (r:Member {id: $member})
WITH *, r AS m
WHERE all(name IN $asked_channels WHERE name IN [channel IN offered | channel.name])
// include: steps
CALL (m, gone, at, pack, tiers, some_assumed, steps_from_m) {
  // As in reach: one of those of whom the rules read the same is judged, and the others are alike. One InMail credit
  // is as good as many, and a count is the same to the rules until it comes to a limit of some tier.
  CALL (m) {
    OPTIONAL MATCH (m)-[:BLOCKED|LIMITED]-(other)
    RETURN collect(other) AS at_odds
  }
  // include: everybody
  WITH *, other AS s
  WHERE $max_degree = 0 OR degree <= $max_degree
  // include: unsure
  WITH degree, shared_groups, shared_pages, shared_workplaces, CASE WHEN s IN at_odds THEN s.id END AS like_nobody,
       steps_from_other, other_in_groups, other_at_pages,
       s.status AS status, s.tier AS tier, s.tier_expires_at AS tier_expires_at, s.restricted_until AS restricted_until,
       s.inmail_credits > 0 AS has_credits,
       [tier IN tiers WHERE s.messages_sent >= tier.monthly_messages | tier.name] AS message_limits_reached,
       [tier IN tiers WHERE s.inmails_sent >= tier.monthly_inmails | tier.name] AS inmail_limits_reached,
       s.assumed AS assumed, collect(s) AS alike
  RETURN degree, shared_groups, shared_pages, shared_workplaces, steps_from_other, other_in_groups, other_at_pages, alike
}
WITH *, alike[0] AS s, alike[0] AS other
// include: effective_tier
WITH *, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
// include: blocks
WITH *, $as_tier = '' AS own_tier
// include: assumed
// include: rules
// include: certainty
// include: about
WITH *
WHERE open <> [] OR ($possible AND possibly_reached)
UNWIND alike AS each
RETURN degree, open AS channels, reached_for_certain AS certain, collect(each.id) AS senders
ORDER BY degree, channels, certain
