// title: Whether one can write to another whom they are connected with, by the channel `direct` (docs/rules.md, section 9)
// requires: writer, reader, as_tier, at, gone, pack, tiers, offered, direct_reach
// provides: can_write
CALL (writer, reader, as_tier, at, gone, pack, tiers, offered, direct_reach) {
  WITH writer AS s, reader AS r, 1 AS degree, 0 AS shared_groups, 0 AS shared_pages, 0 AS shared_workplaces
  // include: effective_tier
  WITH *, head([tier IN tiers WHERE tier.name = coalesce(as_tier, effective)]) AS tier
  // include: blocks
  // include: stored
  // include: rules
  RETURN any(channel IN channels WHERE channel.channel = 'direct' AND channel.open) AS can_write
}
