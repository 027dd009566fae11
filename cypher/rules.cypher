// title: The verdict on a pair: gates, then every channel of the pack with all that denies it (docs/rules.md, section 3)
// requires: s, r, tier, at, gone, pack, tiers, offered, direct_reach, degree, shared_groups, shared_pages, shared_workplaces, blocked_by_recipient, blocked_by_sender, limited_by_recipient
// provides: codes, theirs, withheld, in_place, quotas, free, messaging, every_gate, requirements, gates, channels, reachable, reachable_free, no_link
WITH *,
     ['NOT_IN_TIER', 'TIER_TOO_LOW', 'OUT_OF_NETWORK', 'NO_OPEN_PROFILE', 'NO_SHARED_GROUP', 'NO_SHARED_PAGE',
      'CONTACT_INFO_HIDDEN', 'NO_CONTACT_FORM', 'COMMENTS_CLOSED', 'NO_INMAIL_CREDITS', 'INMAIL_LIMIT_REACHED',
      'INMAIL_DECLINED', 'ALREADY_CONNECTED', 'RECIPIENT_VISIBILITY', 'RECIPIENT_AUDIENCE', 'MESSAGE_LIMIT_REACHED',
      'SENDER_GONE', 'RECIPIENT_GONE', 'BLOCKED_BY_RECIPIENT', 'BLOCKED_BY_SENDER', 'SENDER_RESTRICTED',
      'SENDER_TEMPORARILY_LIMITED', 'LIMITED_BY_RECIPIENT'] AS codes,
     ['RECIPIENT_GONE', 'BLOCKED_BY_RECIPIENT', 'LIMITED_BY_RECIPIENT', 'NO_OPEN_PROFILE', 'CONTACT_INFO_HIDDEN',
      'NO_CONTACT_FORM', 'COMMENTS_CLOSED', 'INMAIL_DECLINED', 'RECIPIENT_VISIBILITY', 'RECIPIENT_AUDIENCE'] AS theirs,
     ['BLOCKED_BY_RECIPIENT', 'LIMITED_BY_RECIPIENT'] AS withheld, // from those who may not know of a block,
     'UNAVAILABLE' AS in_place, // who read this in place of either
     ['NO_INMAIL_CREDITS', 'INMAIL_LIMIT_REACHED', 'MESSAGE_LIMIT_REACHED'] AS quotas,
     ['message', 'request'] AS free,
     ['message', 'request', 'paid'] AS messaging,
     ['message', 'request', 'paid', 'off platform', 'public', 'invitation'] AS every_kind,
     coalesce(degree = 1, false) AS connected,
     coalesce(degree <= tier.direct_degree, false) AS within_tier,
     coalesce(degree <= direct_reach, false) AS within_some_tier
WITH *,
     connected OR r.visibility = 'public' OR (r.visibility = 'network' AND degree IS NOT NULL) AS visible,
     connected OR r.visibility IN ['public', 'network'] AS approachable,
     r.accepts_from = 'anyone'
       OR coalesce(r.accepts_from = 'shared_connections' AND degree <= 2, false)
       OR (r.accepts_from = 'connections' AND connected) AS in_audience,
     r.tier <> '' AND r.tier <> tiers[0].name AND coalesce(r.tier_expires_at > at, true) AS recipient_above_base,
     coalesce(s.messages_sent < tier.monthly_messages, true) AS messages_left,
     [
       {code: 'SENDER_GONE', holds: s.status IN gone, denies: every_kind},
       {code: 'RECIPIENT_GONE', holds: r.status IN gone, denies: every_kind},
       {code: 'BLOCKED_BY_RECIPIENT', holds: blocked_by_recipient, denies: every_kind},
       {code: 'BLOCKED_BY_SENDER', holds: blocked_by_sender, denies: every_kind},
       {code: 'SENDER_RESTRICTED', holds: s.status = 'restricted', denies: messaging},
       {code: 'SENDER_TEMPORARILY_LIMITED', holds: coalesce(s.restricted_until > at, false), denies: messaging},
       {code: 'LIMITED_BY_RECIPIENT', holds: limited_by_recipient, denies: messaging}
     ] AS every_gate
WITH *,
     {met: visible, code: 'RECIPIENT_VISIBILITY'} AS is_visible,
     {met: approachable, code: 'RECIPIENT_VISIBILITY'} AS is_approachable,
     {met: in_audience, code: 'RECIPIENT_AUDIENCE'} AS accepts_sender,
     {met: messages_left, code: 'MESSAGE_LIMIT_REACHED'} AS within_message_limit
WITH *, {
       direct: [
         {met: within_tier OR NOT within_some_tier, code: 'TIER_TOO_LOW'},
         {met: within_tier OR within_some_tier, code: 'OUT_OF_NETWORK'},
         is_visible, accepts_sender, within_message_limit],
       open_profile: [
         {met: r.open_profile AND recipient_above_base, code: 'NO_OPEN_PROFILE'},
         within_message_limit],
       group: [
         {met: shared_groups > 0, code: 'NO_SHARED_GROUP'},
         is_approachable, accepts_sender, within_message_limit],
       company_page: [
         {met: CASE pack.page_ties WHEN 'works_at' THEN shared_workplaces ELSE shared_pages END > 0, code: 'NO_SHARED_PAGE'},
         is_approachable, accepts_sender, within_message_limit],
       contact_info: [
         {met: r.contact_info = 'anyone'
            OR (r.contact_info = 'network' AND degree IS NOT NULL)
            OR (r.contact_info = 'connections' AND connected), code: 'CONTACT_INFO_HIDDEN'},
         is_visible],
       contact_form: [{met: r.contact_form, code: 'NO_CONTACT_FORM'}, is_visible],
       comment: [{met: r.comments_open, code: 'COMMENTS_CLOSED'}, is_visible],
       inmail: [
         {met: s.inmail_credits >= 1, code: 'NO_INMAIL_CREDITS'},
         {met: coalesce(s.inmails_sent < tier.monthly_inmails, true), code: 'INMAIL_LIMIT_REACHED'},
         {met: r.accepts_inmail OR NOT pack.inmail_respects_opt_out, code: 'INMAIL_DECLINED'}],
       invite: [
         {met: NOT connected, code: 'ALREADY_CONNECTED'},
         {met: r.visibility <> 'private', code: 'RECIPIENT_VISIBILITY'}]
     } AS requirements
WITH *, [channel IN offered | {
       channel: channel.name,
       kind: channel.kind,
       reasons: CASE WHEN channel.name IN tier.grants THEN [] ELSE ['NOT_IN_TIER'] END
         + [requirement IN requirements[channel.name] WHERE NOT requirement.met | requirement.code]
         + [gate IN every_gate WHERE gate.holds AND channel.kind IN gate.denies | gate.code]
     }] AS judged
WITH *,
     [gate IN every_gate WHERE gate.holds | gate.code] AS gates,
     [channel IN judged | channel {.channel, .kind, open: channel.reasons = [], .reasons}] AS channels,
     any(channel IN judged WHERE channel.reasons = [] AND channel.kind IN messaging) AS reachable,
     any(channel IN judged WHERE channel.reasons = [] AND channel.kind IN free) AS reachable_free,
     degree IS NULL AND shared_groups = 0 AND shared_pages = 0 AS no_link
