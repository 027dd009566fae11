// title: Which single action of the sender would open each pair, or one channel of it?
// :param {pairs: [{sender: '8796093022357', recipient: '4398046511333'}], at: datetime('2026-11-23T00:00:00Z'), next_month: datetime('2026-12-01T00:00:00Z'), pack: 'article', as_tier: '', channel: '', names: 10}
// param pairs: LIST<MAP>, of the keys sender and recipient, two different ids
// param at: ZONED DATETIME, the instant asked about, in UTC
// param next_month: ZONED DATETIME, the first instant of the UTC month after it
// param pack: STRING, a rule pack by name
// param as_tier: STRING, the tier to ask the senders as, '' for their own
// param channel: STRING, the channel to be opened; '': any of kind message, request or paid
// param names: INTEGER, at most so many other members to connect with
// column position: INTEGER, the place of the pair in the question; a pair of unknown ids has no row
// column open: BOOLEAN, whether nothing needs to be done
// column actions: LIST<MAP>, of the keys action, ids, rank, until and cost: those that are each alone enough; ids, where there are some, are alternatives; rank is that of the tier of an upgrade
// column other_side: LIST<STRING>, the recipient's codes that stand whatever single action the sender takes
// column withheld: LIST<STRING>, the codes as it is, on a channel asked for, that are told to those alone who have set them
// order: position
// scan: none
// include: asked
UNWIND range(0, size($pairs) - 1) AS position
MATCH (s:Member {id: $pairs[position].sender})
MATCH (r:Member {id: $pairs[position].recipient})
// include: effective_tier
WITH *, [tier IN tiers | tier.name] + [''] AS defined
WHERE s.tier IN defined AND r.tier IN defined AND ($channel = '' OR $channel IN [channel IN offered | channel.name])
WITH *, head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]) AS tier
WHERE tier IS NOT NULL
// include: pair
// include: blocks
WITH *, at AS now,
     {action: 'none', ids: null, until: null, s: s {.*}, tier: tier, at: at, degree: degree, shared_groups: shared_groups,
      shared_pages: shared_pages, shared_workplaces: shared_workplaces, blocked_by_sender: blocked_by_sender} AS as_it_is
WITH *,
     [higher IN tiers WHERE higher.rank > tier.rank | as_it_is {.*, action: 'upgrade', ids: [higher.name], tier: higher,
       s: s {.*, inmail_credits: CASE  // one opens as much as many do
         WHEN s.inmail_credits > 0 THEN s.inmail_credits
         WHEN higher.inmail_grant > higher.inmail_cap THEN higher.inmail_cap
         ELSE coalesce(higher.inmail_grant, 0) END}}] AS upgrades,
     as_it_is {.*, action: 'credit', s: s {.*, inmail_credits: CASE s.inmail_credits WHEN 0 THEN 1 ELSE s.inmail_credits END}} AS credit,
     as_it_is {.*, action: 'join', shared_groups: shared_groups + 1, ids: COLLECT {
       MATCH (r)-[:MEMBER_OF]->(group:Group {messaging: true})
       WHERE NOT EXISTS { (s)-[:MEMBER_OF]->(group) }
       RETURN group.id ORDER BY group.id }} AS join,
     as_it_is {.*, action: 'follow', shared_pages: shared_pages + 1, ids: COLLECT {
       MATCH (r)-[tie:WORKS_AT|FOLLOWS]->(page:Company)
       WHERE coalesce(tie.until > now, true)
       WITH DISTINCT page.id AS id  // apart from the filter, else 5.26 reads all pages in the order of their ids
       WHERE NOT id IN pages
       RETURN id ORDER BY id }} AS follow,
     as_it_is {.*, action: 'connect', ids: [r.id], degree: 1} AS connect,
     as_it_is {.*, action: 'unblock', ids: CASE WHEN blocked_by_sender THEN [r.id] ELSE [] END, blocked_by_sender: false} AS unblock
CALL (s, r, gone, tiers, now, as_it_is) {
  UNWIND [end IN [$next_month, s.restricted_until] WHERE end > now] AS at
  WITH DISTINCT *
  // include: effective_tier
  // include: pages
  WITH *
  ORDER BY at
  RETURN collect(as_it_is {.*, action: 'wait', until: at, at: at, shared_pages: shared_pages, shared_workplaces: shared_workplaces,
    tier: head([tier IN tiers WHERE tier.name = CASE $as_tier WHEN '' THEN effective ELSE $as_tier END]),
    s: CASE WHEN at >= $next_month THEN s {.*, messages_sent: 0, inmails_sent: 0} ELSE s {.*} END}) AS waits
}
WITH *, [away IN [1, 2] | as_it_is {.*, action: 'introduce', away: away,
    degree: CASE WHEN as_it_is.degree <= away + 1 THEN as_it_is.degree ELSE away + 1 END}] AS introductions
UNWIND [as_it_is, credit, join, follow, connect, unblock] + upgrades + introductions + waits AS world
WITH position, gone, pack, tiers, offered, direct_reach, now, s AS sender, r, blocked_by_recipient, limited_by_recipient,
     tier AS own, world, world.s AS s, world.tier AS tier, world.at AS at, world.degree AS degree,
     world.shared_groups AS shared_groups, world.shared_pages AS shared_pages, world.shared_workplaces AS shared_workplaces,
     world.blocked_by_sender AS blocked_by_sender
WHERE world.ids IS NULL OR world.ids <> []
// include: stored
// include: rules
WITH *, [channel IN channels WHERE CASE WHEN $channel = '' THEN channel.kind IN messaging ELSE channel.channel = $channel END] AS asked
WITH position, gone, pack, tiers, offered, direct_reach, now, sender, r, codes, theirs, withheld, own, world,
     any(channel IN asked WHERE channel.open) AS enough,
     [code IN theirs + withheld WHERE any(channel IN asked WHERE code IN channel.reasons)] AS standing,
     any(channel IN channels WHERE channel.channel = 'invite' AND channel.open) AS invitable
WITH position, gone, pack, tiers, offered, direct_reach, now, sender AS s, r AS target, codes, theirs, withheld, own,
     collect({enough: enough, standing: standing, invitable: invitable, action: world.action,
       ids: world.ids, until: world.until, away: world.away, rank: CASE world.action WHEN 'upgrade' THEN world.tier.rank END,
       cost: CASE world.action WHEN 'upgrade' THEN world.tier.cost_upgrade WHEN 'introduce' THEN own.cost_connect
             ELSE own['cost_' + world.action] END}) AS outcomes
WITH *, head([outcome IN outcomes WHERE outcome.action = 'none']) AS unchanged
CALL (s, target, gone, tiers, own, now, pack, offered, direct_reach, outcomes, unchanged) {
  // Who could introduce them is looked for only where an introduction would change something: it is the dear part.
  UNWIND [outcome IN outcomes WHERE outcome.action = 'introduce'
    AND (outcome.enough <> unchanged.enough OR outcome.standing <> unchanged.standing)] AS outcome
  CALL (s, target, gone, tiers, own, now, pack, offered, direct_reach, outcome) {
    MATCH path = (target)-[:CONNECTED_TO*1..2]-(r:Member)
    WHERE all(n IN nodes(path) WHERE NOT n.status IN gone)
    WITH *, r.id AS id
    WITH s, target, gone, tiers, own AS tier, now, pack, offered, direct_reach, outcome.away AS away, r, id, min(length(path)) AS near
    WHERE near = away AND r <> s AND r <> target
    ORDER BY id
    WITH *, now AS at, CASE WHEN EXISTS { (s)-[:CONNECTED_TO]-(r) } THEN 1 END AS degree,
         0 AS shared_groups, 0 AS shared_pages, 0 AS shared_workplaces
    // include: blocks
    // include: stored
    // include: rules
    WITH *
    WHERE any(channel IN channels WHERE channel.channel = 'invite' AND channel.open)
    WITH id
    ORDER BY id
    LIMIT toInteger($names)
    RETURN collect(id) AS ids
  }
  WITH outcome, ids
  WHERE ids <> []
  RETURN collect(outcome {.*, ids: ids}) AS introduced
}
WITH *, introduced + [outcome IN outcomes
  WHERE outcome.action <> 'introduce' AND (outcome.action <> 'connect' OR unchanged.invitable)] AS possible
RETURN position, unchanged.enough AS open,
       [outcome IN possible WHERE outcome.enough AND outcome.action <> 'none' | outcome {.action, .ids, .rank, .until, .cost}] AS actions,
       [code IN codes WHERE code IN theirs AND all(outcome IN possible WHERE code IN outcome.standing)] AS other_side,
       [code IN withheld WHERE code IN unchanged.standing] AS withheld
ORDER BY position
