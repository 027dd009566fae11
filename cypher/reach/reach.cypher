// title: Whom does one member reach, and by which channels?
// :param {member: '8796093022357', at: datetime('2026-11-23T00:00:00Z'), pack: 'article', as_tier: '', asked_channels: [], max_degree: 0, possible: false}
// param member: STRING, the sender's id
// param at: ZONED DATETIME, the instant asked about, in UTC
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the sender as, '' for their own
// param asked_channels: LIST<STRING>, at least one of these must be open; none: those of kind message, request and paid
// param max_degree: INTEGER, 1 to 3: nobody farther away and nobody without a degree; 0: everybody
// param possible: BOOLEAN, whether also those are listed who are not reached and possibly are
// column degree: INTEGER, 1 to 3, or null where there is none
// column channels: LIST<STRING>, the open ones among those asked for, in the order of the rules; none: possibly reached
// column certain: BOOLEAN, whether that is certain of the channels asked for
// column recipients: LIST<STRING>, everybody of whom this is so, in no order
// order: degree (none last), channels, certain
// scan: members
// include: asked
// include: every_tier_defined
MATCH (s:Member {id: $member})
// include: effective_tier
WITH *, s AS m, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL AND all(name IN $asked_channels WHERE name IN [channel IN offered | channel.name])
// include: steps
CALL (m, gone, at, pack, some_assumed, steps_from_m) {
  // The rules take a while: they judge one of those of whom they read the same, and the others are alike.
  CALL (m) {
    OPTIONAL MATCH (m)-[:BLOCKED|LIMITED]-(other)
    RETURN collect(other) AS at_odds
  }
  // include: everybody
  WITH *, other AS r
  WHERE $max_degree = 0 OR degree <= $max_degree
  // include: unsure
  WITH degree, shared_groups, shared_pages, shared_workplaces, CASE WHEN r IN at_odds THEN r.id END AS like_nobody,
       steps_from_other, other_in_groups, other_at_pages,
       r.status AS status, r.tier AS tier, r.tier_expires_at AS tier_expires_at, r.visibility AS visibility,
       r.accepts_from AS accepts_from, r.accepts_inmail AS accepts_inmail, r.open_profile AS open_profile,
       r.contact_info AS contact_info, r.contact_form AS contact_form, r.comments_open AS comments_open,
       r.assumed AS assumed, collect(r) AS alike
  RETURN degree, shared_groups, shared_pages, shared_workplaces, steps_from_other, other_in_groups, other_at_pages, alike
}
WITH *, alike[0] AS r, alike[0] AS other, $as_tier = '' AS own_tier
// include: blocks
// include: assumed
// include: rules
// include: certainty
// include: about
WITH *
WHERE open <> [] OR ($possible AND possibly_reached)
UNWIND alike AS each
RETURN degree, open AS channels, reached_for_certain AS certain, collect(each.id) AS recipients
ORDER BY degree, channels, certain
