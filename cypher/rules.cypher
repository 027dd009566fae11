// title: The verdict on a pair: gates, then every channel of the pack with all that denies it (docs/rules.md, section 3)
// needs: s, r, tier, pack, offered, direct_reach, gone, degree, shared_groups, shared_pages, shared_workplaces
// gives: gates, channels, reachable, reachable_free, no_link
WITH *,
     EXISTS { (r)-[:BLOCKED]->(s) } AS blocked_by_recipient,
     EXISTS { (s)-[:BLOCKED]->(r) } AS blocked_by_sender,
     EXISTS { (r)-[:LIMITED]->(s) } AS limited_by_recipient,
     coalesce(degree = 1, false) AS connected,
     coalesce(s.messages_sent < tier.monthly_messages, true) AS messages_left,
     coalesce(s.inmails_sent < tier.monthly_inmails, true) AS inmails_left,
     ['message', 'request'] AS free,
     ['message', 'request', 'paid'] AS messaging,
     ['message', 'request', 'paid', 'off platform', 'public', 'invitation'] AS every_kind
WITH *,
     connected OR r.visibility IN ['public', 'network'] AS approachable,
     connected OR r.visibility = 'public' OR (r.visibility = 'network' AND degree IS NOT NULL) AS visible,
     r.accepts_from = 'anyone'
       OR coalesce(r.accepts_from = 'shared_connections' AND degree <= 2, false)
       OR (r.accepts_from = 'connections' AND connected) AS in_audience,
     [gate IN [
       {code: 'SENDER_GONE', holds: s.status IN gone, denies: every_kind},
       {code: 'RECIPIENT_GONE', holds: r.status IN gone, denies: every_kind},
       {code: 'BLOCKED_BY_RECIPIENT', holds: blocked_by_recipient, denies: every_kind},
       {code: 'BLOCKED_BY_SENDER', holds: blocked_by_sender, denies: every_kind},
       {code: 'SENDER_RESTRICTED', holds: s.status = 'restricted', denies: messaging},
       {code: 'SENDER_TEMPORARILY_LIMITED', holds: coalesce(s.restricted_until > $at, false), denies: messaging},
       {code: 'LIMITED_BY_RECIPIENT', holds: limited_by_recipient, denies: messaging}
     ] WHERE gate.holds] AS holding
WITH *, {
       direct: [
         {met: coalesce(degree <= tier.direct_degree, false),
          code: CASE WHEN degree <= direct_reach THEN 'TIER_TOO_LOW' ELSE 'OUT_OF_NETWORK' END},
         {met: visible, code: 'RECIPIENT_VISIBILITY'},
         {met: in_audience, code: 'RECIPIENT_AUDIENCE'},
         {met: messages_left, code: 'MESSAGE_LIMIT_REACHED'}],
       group: [
         {met: shared_groups > 0, code: 'NO_SHARED_GROUP'},
         {met: approachable, code: 'RECIPIENT_VISIBILITY'},
         {met: in_audience, code: 'RECIPIENT_AUDIENCE'},
         {met: messages_left, code: 'MESSAGE_LIMIT_REACHED'}],
       company_page: [
         {met: CASE pack.page_ties WHEN 'works_at' THEN shared_workplaces ELSE shared_pages END > 0,
          code: 'NO_SHARED_PAGE'},
         {met: approachable, code: 'RECIPIENT_VISIBILITY'},
         {met: in_audience, code: 'RECIPIENT_AUDIENCE'},
         {met: messages_left, code: 'MESSAGE_LIMIT_REACHED'}],
       inmail: [
         {met: s.inmail_credits >= 1, code: 'NO_INMAIL_CREDITS'},
         {met: inmails_left, code: 'INMAIL_LIMIT_REACHED'},
         {met: r.accepts_inmail OR NOT pack.inmail_respects_opt_out, code: 'INMAIL_DECLINED'}]
     } AS requirements
WITH *, [channel IN offered | {
       channel: channel.name,
       kind: channel.kind,
       reasons: CASE WHEN channel.name IN tier.grants THEN [] ELSE ['NOT_IN_TIER'] END
         + [requirement IN requirements[channel.name] WHERE NOT requirement.met | requirement.code]
         + [gate IN holding WHERE channel.kind IN gate.denies | gate.code]
     }] AS judged
WITH *,
     [gate IN holding | gate.code] AS gates,
     [channel IN judged | channel {.channel, .kind, open: channel.reasons = [], .reasons}] AS channels,
     any(channel IN judged WHERE channel.reasons = [] AND channel.kind IN messaging) AS reachable,
     any(channel IN judged WHERE channel.reasons = [] AND channel.kind IN free) AS reachable_free,
     degree IS NULL AND shared_groups = 0 AND shared_pages = 0 AS no_link
