// title: What each channel of a verdict rests on, and whether the pair is certain and possible (docs/rules.md, section 6)
// requires: some_assumed, asked, channels, reachable, reachable_free, messaging, free
// provides: channels_told, certain, possible, certain_free, possible_free
WITH *, ['degree', 'groups', 'pages', 'sender.tier', 'sender.messages_sent', 'sender.inmails_sent', 'sender.inmail_credits',
         'recipient.tier', 'recipient.visibility', 'recipient.accepts_from', 'recipient.accepts_inmail', 'recipient.open_profile',
         'recipient.contact_info', 'recipient.contact_form', 'recipient.comments_open', 'recipient.blocks', 'sender.blocks'] AS facts
WITH *, [place IN range(0, size(asked) - 1) | CASE WHEN NOT some_assumed THEN [] ELSE
       [each IN asked[place].asks |
         {met: each.holds[0][0], may: any(row IN each.holds WHERE true IN row),
          on: CASE WHEN any(row IN each.holds WHERE row <> each.holds[0]) THEN [each.on[0]] ELSE [] END
            + CASE WHEN any(row IN each.holds WHERE true IN row AND false IN row) THEN [each.on[1]] ELSE [] END}]
     END] AS resting
WITH *, [place IN range(0, size(channels) - 1) | {
       channel: channels[place].channel, kind: channels[place].kind, open: channels[place].open, reasons: channels[place].reasons,
       rests_on: CASE
       WHEN channels[place].open THEN [fact IN facts WHERE any(each IN resting[place] WHERE fact IN each.on)]
       WHEN all(each IN resting[place] WHERE each.met OR each.may)
         THEN [fact IN facts WHERE any(each IN resting[place] WHERE NOT each.met AND fact IN each.on)]
       ELSE [] END}] AS channels_told
WITH *,
     CASE WHEN reachable
       THEN any(channel IN channels_told WHERE channel.open AND channel.kind IN messaging AND channel.rests_on = [])
       ELSE all(channel IN channels_told WHERE NOT channel.kind IN messaging OR channel.rests_on = []) END AS certain,
     reachable OR any(channel IN channels_told WHERE channel.kind IN messaging AND channel.rests_on <> []) AS possible,
     CASE WHEN reachable_free
       THEN any(channel IN channels_told WHERE channel.open AND channel.kind IN free AND channel.rests_on = [])
       ELSE all(channel IN channels_told WHERE NOT channel.kind IN free OR channel.rests_on = []) END AS certain_free,
     reachable_free OR any(channel IN channels_told WHERE channel.kind IN free AND channel.rests_on <> []) AS possible_free
