// title: The verdict on a pair: gates, then every channel of the pack with all that denies it (docs/rules.md, section 3)
// requires: s, r, at, gone, pack, offered, direct_reach, degree, shared_groups, shared_pages, values
// provides: codes, theirs, withheld, in_place, quotas, free, messaging, every_gate, requirements, asked, gates, channels, reachable, reachable_free, no_link
WITH *,
     ['NOT_IN_TIER', 'TIER_TOO_LOW', 'OUT_OF_NETWORK', 'NO_OPEN_PROFILE', 'NO_SHARED_GROUP', 'NO_SHARED_PAGE',
      'CONTACT_INFO_HIDDEN', 'NO_CONTACT_FORM', 'COMMENTS_CLOSED', 'NO_INMAIL_CREDITS', 'INMAIL_LIMIT_REACHED',
      'INMAIL_DECLINED', 'ALREADY_CONNECTED', 'RECIPIENT_VISIBILITY', 'RECIPIENT_AUDIENCE', 'MESSAGE_LIMIT_REACHED',
      'SENDER_GONE', 'RECIPIENT_GONE', 'BLOCKED_BY_RECIPIENT', 'BLOCKED_BY_SENDER', 'SENDER_RESTRICTED',
      'SENDER_TEMPORARILY_LIMITED', 'LIMITED_BY_RECIPIENT'] AS codes,
     ['RECIPIENT_GONE', 'BLOCKED_BY_RECIPIENT', 'LIMITED_BY_RECIPIENT', 'NO_OPEN_PROFILE', 'CONTACT_INFO_HIDDEN',
      'NO_CONTACT_FORM', 'COMMENTS_CLOSED', 'INMAIL_DECLINED', 'RECIPIENT_VISIBILITY', 'RECIPIENT_AUDIENCE'] AS theirs,
     ['BLOCKED_BY_RECIPIENT', 'BLOCKED_BY_SENDER', 'LIMITED_BY_RECIPIENT'] AS withheld, // from those who may not know of a block,
     'UNAVAILABLE' AS in_place, // who read this in place of each
     ['NO_INMAIL_CREDITS', 'INMAIL_LIMIT_REACHED', 'MESSAGE_LIMIT_REACHED'] AS quotas,
     ['message', 'request'] AS free,
     ['message', 'request', 'paid'] AS messaging,
     ['message', 'request', 'paid', 'off platform', 'public', 'invitation'] AS every_kind,
     coalesce(degree <= direct_reach, false) AS within_some_tier
// A requirement holds or not for each value of its facts, those of `on`: a row for each value of the first, and in it a
// place for each of the second. The stored ones come first, so that holds[0][0] says what is the case.
WITH *, [
       {code: 'SENDER_GONE', holds: [[NOT coalesce(s.status IN gone, false)]], denies: every_kind},
       {code: 'RECIPIENT_GONE', holds: [[NOT coalesce(r.status IN gone, false)]], denies: every_kind},
       {code: 'BLOCKED_BY_RECIPIENT', holds: [[blocked IN values.blocked_by_recipient | NOT blocked]],
        on: ['', 'recipient.blocks'], denies: every_kind},
       {code: 'BLOCKED_BY_SENDER', holds: [[blocked IN values.blocked_by_sender | NOT blocked]],
        on: ['', 'sender.blocks'], denies: every_kind},
       {code: 'SENDER_RESTRICTED', holds: [[coalesce(s.status <> 'restricted', true)]], denies: messaging},
       {code: 'SENDER_TEMPORARILY_LIMITED', holds: [[coalesce(s.restricted_until <= at, true)]], denies: messaging},
       {code: 'LIMITED_BY_RECIPIENT', holds: [[limited IN values.limited_by_recipient | NOT limited]],
        on: ['', 'recipient.blocks'], denies: messaging}
     ] AS every_gate,
     {code: 'RECIPIENT_VISIBILITY', on: ['degree', 'recipient.visibility'],
      holds: [d IN values.degree | [visibility IN values.visibility |
        coalesce(d = 1, false) OR visibility = 'public' OR (visibility = 'network' AND d IS NOT NULL)]]} AS is_visible,
     {code: 'RECIPIENT_VISIBILITY', on: ['degree', 'recipient.visibility'],
      holds: [d IN values.degree | [visibility IN values.visibility |
        coalesce(d = 1, false) OR visibility IN ['public', 'network']]]} AS is_approachable,
     {code: 'RECIPIENT_AUDIENCE', on: ['degree', 'recipient.accepts_from'],
      holds: [d IN values.degree | [accepts IN values.accepts_from |
        accepts = 'anyone'
          OR (accepts = 'shared_connections' AND coalesce(d <= 2, false))
          OR (accepts = 'connections' AND coalesce(d = 1, false))
          OR (coalesce(pack.connections_always_in_audience, false) AND coalesce(d = 1, false))]]} AS accepts_sender,
     {code: 'MESSAGE_LIMIT_REACHED', on: ['sender.tier', 'sender.messages_sent'],
      holds: [tier IN values.sender_tier | [sent IN values.messages_sent |
        coalesce(sent < tier.monthly_messages, true)]]} AS within_message_limit
WITH *, {
       direct: [
         {code: CASE WHEN within_some_tier THEN 'TIER_TOO_LOW' ELSE 'OUT_OF_NETWORK' END,
          codes: ['TIER_TOO_LOW', 'OUT_OF_NETWORK'], on: ['degree', 'sender.tier'],
          holds: [d IN values.degree | [tier IN values.sender_tier | coalesce(d <= tier.direct_degree, false)]]},
         is_visible, accepts_sender, within_message_limit],
       open_profile: [
         {code: 'NO_OPEN_PROFILE', on: ['recipient.tier', 'recipient.open_profile'],
          holds: [above_base IN values.recipient_above_base | [profile IN values.open_profile | above_base AND profile]]},
         within_message_limit],
       group: [
         {code: 'NO_SHARED_GROUP', on: ['', 'groups'], holds: [values.groups]},
         is_approachable, accepts_sender, within_message_limit],
       company_page: [
         {code: 'NO_SHARED_PAGE', on: ['', 'pages'], holds: [values.pages]},
         is_approachable, accepts_sender, within_message_limit],
       contact_info: [
         {code: 'CONTACT_INFO_HIDDEN', on: ['degree', 'recipient.contact_info'],
          holds: [d IN values.degree | [shown IN values.contact_info |
            shown = 'anyone' OR (shown = 'network' AND d IS NOT NULL) OR (shown = 'connections' AND coalesce(d = 1, false))]]},
         is_visible],
       contact_form: [{code: 'NO_CONTACT_FORM', on: ['', 'recipient.contact_form'], holds: [values.contact_form]}, is_visible],
       comment: [{code: 'COMMENTS_CLOSED', on: ['', 'recipient.comments_open'], holds: [values.comments_open]}, is_visible],
       inmail: [
         {code: 'NO_INMAIL_CREDITS', on: ['', 'sender.inmail_credits'], holds: [[credits IN values.inmail_credits | credits >= 1]]},
         {code: 'INMAIL_LIMIT_REACHED', on: ['sender.tier', 'sender.inmails_sent'],
          holds: [tier IN values.sender_tier | [sent IN values.inmails_sent | coalesce(sent < tier.monthly_inmails, true)]]},
         {code: 'INMAIL_DECLINED', on: ['', 'recipient.accepts_inmail'],
          holds: [[accepts IN values.accepts_inmail | accepts OR NOT pack.inmail_respects_opt_out]]}],
       invite: [
         {code: 'ALREADY_CONNECTED', on: ['', 'degree'], holds: [[d IN values.degree | coalesce(d <> 1, true)]]},
         {code: 'RECIPIENT_VISIBILITY', on: ['', 'recipient.visibility'],
          holds: [[visibility IN values.visibility | visibility <> 'private']]}]
     } AS requirements
WITH *, [channel IN offered | channel {.name, .kind, asks:
       [{code: 'NOT_IN_TIER', on: ['', 'sender.tier'], holds: [[tier IN values.sender_tier | channel.name IN tier.grants]]}]
       + requirements[channel.name]
       + [gate IN every_gate WHERE channel.kind IN gate.denies]}] AS asked
WITH *, [channel IN asked |
       {channel: channel.name, kind: channel.kind, reasons: [each IN channel.asks WHERE NOT each.holds[0][0] | each.code]}] AS judged
WITH *,
     [gate IN every_gate WHERE NOT gate.holds[0][0] | gate.code] AS gates,
     [channel IN judged | channel {.channel, .kind, open: channel.reasons = [], .reasons}] AS channels,
     any(channel IN judged WHERE channel.reasons = [] AND channel.kind IN messaging) AS reachable,
     any(channel IN judged WHERE channel.reasons = [] AND channel.kind IN free) AS reachable_free,
     degree IS NULL AND shared_groups = 0 AND shared_pages = 0 AS no_link
