// title: The channels that a question of reach is about: which of them are open, and what is certain of them (docs/rules.md, section 6)
// requires: channels_told, messaging
// provides: open, reached_for_certain, possibly_reached
WITH *, [channel IN channels_told WHERE
       CASE WHEN $asked_channels = [] THEN channel.kind IN messaging ELSE channel.channel IN $asked_channels END] AS about
WITH *, [channel IN about WHERE channel.open | channel.channel] AS open
WITH *,
     CASE WHEN open <> [] THEN any(channel IN about WHERE channel.open AND channel.rests_on = [])
       ELSE all(channel IN about WHERE channel.rests_on = []) END AS reached_for_certain,
     any(channel IN about WHERE channel.open OR channel.rests_on <> []) AS possibly_reached
