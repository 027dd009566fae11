// Written by make renew, from graph/rules/vocabulary.py.

export const REASONS = {
  "NOT_IN_TIER": "the effective tier does not grant this channel",
  "TIER_TOO_LOW": "the degree is too far for this tier, and some tier of the pack that grants direct reaches it",
  "OUT_OF_NETWORK": "no tier of the pack that grants direct reaches the degree, or there is no degree",
  "NO_OPEN_PROFILE": "the recipient has no open profile, or is on the base tier",
  "NO_SHARED_GROUP": "no group with messaging has them both",
  "NO_SHARED_PAGE": "no company page that counts ties them both",
  "CONTACT_INFO_HIDDEN": "the recipient's contact info is not shown to this sender",
  "NO_CONTACT_FORM": "the recipient has no contact form",
  "COMMENTS_CLOSED": "the recipient's posts take no comments",
  "NO_INMAIL_CREDITS": "the sender has no InMail credit",
  "INMAIL_LIMIT_REACHED": "the sender has sent this month's InMails",
  "INMAIL_DECLINED": "the recipient takes no InMail, and the pack respects that",
  "ALREADY_CONNECTED": "the two are connected",
  "RECIPIENT_VISIBILITY": "the recipient's visibility hides them from this sender",
  "RECIPIENT_AUDIENCE": "the recipient's accepts_from leaves this sender out",
  "MESSAGE_LIMIT_REACHED": "the sender has sent this month's messages",
  "NOT_IN_NETWORK": "one of the two is no member of that network"
};

export const GATES = {
  "SENDER_GONE": "the sender's account is deactivated or closed",
  "RECIPIENT_GONE": "the recipient's account is deactivated or closed",
  "BLOCKED_BY_RECIPIENT": "the recipient has blocked the sender",
  "BLOCKED_BY_SENDER": "the sender has blocked the recipient",
  "SENDER_RESTRICTED": "the platform has restricted the sender, for spam or abuse",
  "SENDER_TEMPORARILY_LIMITED": "the platform limits the sender for a time, for security or unusual activity",
  "LIMITED_BY_RECIPIENT": "the recipient limits what this sender may send to them",
  "UNAVAILABLE": "the recipient is not available to this sender, for a reason that is not told"
};

export const SENTENCES = {
  "NOT_IN_TIER": "{sender}'s tier does not include this channel",
  "TIER_TOO_LOW": "{recipient} is farther away than {sender}'s tier reaches; a higher one would reach them",
  "OUT_OF_NETWORK": "{recipient} is too far away for any tier",
  "NO_OPEN_PROFILE": "{recipient} has no open profile that {sender} could write to",
  "NO_SHARED_GROUP": "{sender} and {recipient} are in no group together that has messaging",
  "NO_SHARED_PAGE": "No company page that counts ties {sender} and {recipient} together",
  "CONTACT_INFO_HIDDEN": "{recipient} does not show {sender} any contact info",
  "NO_CONTACT_FORM": "{recipient} has no contact form",
  "COMMENTS_CLOSED": "{recipient} takes no comments on their posts",
  "NO_INMAIL_CREDITS": "{sender} has no InMail credit",
  "INMAIL_LIMIT_REACHED": "{sender} has sent all InMails of this month",
  "INMAIL_DECLINED": "{recipient} takes no InMail",
  "ALREADY_CONNECTED": "{sender} and {recipient} are connected already",
  "RECIPIENT_VISIBILITY": "{recipient}'s profile is hidden from {sender}",
  "RECIPIENT_AUDIENCE": "{recipient} does not take messages from {sender}",
  "MESSAGE_LIMIT_REACHED": "{sender} has sent all messages of this month",
  "SENDER_GONE": "{sender}'s account is deactivated or closed",
  "RECIPIENT_GONE": "{recipient}'s account is deactivated or closed",
  "BLOCKED_BY_RECIPIENT": "{recipient} has blocked {sender}",
  "BLOCKED_BY_SENDER": "{sender} has blocked {recipient}",
  "SENDER_RESTRICTED": "The platform has restricted {sender}, for spam or abuse",
  "SENDER_TEMPORARILY_LIMITED": "The platform limits {sender} for a time, for security or unusual activity",
  "LIMITED_BY_RECIPIENT": "{recipient} limits what {sender} may send to them",
  "NOT_IN_NETWORK": "{sender} and {recipient} are not both members of that network",
  "UNAVAILABLE": "{recipient} is not available to {sender}, for a reason that is not told"
};

export const BY_SETTING = {
  "CONTACT_INFO_HIDDEN": {
    "setting": "contact_info",
    "nobody": "{recipient} shows their contact info to nobody",
    "connections": "{recipient} shows their contact info to their connections alone",
    "network": "{recipient} shows their contact info within three steps alone"
  },
  "RECIPIENT_VISIBILITY": {
    "setting": "visibility",
    "network": "{recipient} shows their profile within three steps alone",
    "connections": "{recipient} shows their profile to their connections alone",
    "private": "{recipient}'s profile is private"
  },
  "RECIPIENT_AUDIENCE": {
    "setting": "accepts_from",
    "shared_connections": "{recipient} takes messages from people who share a connection with them alone",
    "connections": "{recipient} takes messages from their connections alone",
    "nobody": "{recipient} takes messages from nobody"
  }
};

export const WITH_TIER = {
  "TIER_TOO_LOW": "{recipient} is farther away than {sender}'s tier reaches; {tier} or higher would reach them"
};

export const CHANNELS = {
  "direct": "Direct message",
  "open_profile": "Open profile message",
  "group": "Group message",
  "company_page": "Company page message",
  "contact_info": "Contact info",
  "contact_form": "Contact form",
  "comment": "Comment on a post",
  "inmail": "InMail",
  "invite": "Connection request"
};

export const KINDS = {
  "message": "message",
  "request": "message request",
  "paid": "paid",
  "off platform": "off platform",
  "public": "public",
  "invitation": "invitation"
};

export const MESSAGING = [
  "message",
  "request",
  "paid"
];

export const FACTS = {
  "degree": {
    "codes": [
      "TIER_TOO_LOW",
      "OUT_OF_NETWORK",
      "CONTACT_INFO_HIDDEN",
      "ALREADY_CONNECTED",
      "RECIPIENT_VISIBILITY",
      "RECIPIENT_AUDIENCE"
    ],
    "condition": "a shorter way than is known joins {sender} and {recipient}",
    "by_degree": {},
    "while_open": "{sender} and {recipient} are not connected",
    "matters_to": [
      "invite"
    ]
  },
  "groups": {
    "codes": [
      "NO_SHARED_GROUP"
    ],
    "condition": "{sender} and {recipient} share a group with messaging",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "pages": {
    "codes": [
      "NO_SHARED_PAGE"
    ],
    "condition": "a company page ties {sender} and {recipient} together",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "sender.tier": {
    "codes": [
      "NOT_IN_TIER",
      "TIER_TOO_LOW",
      "OUT_OF_NETWORK",
      "INMAIL_LIMIT_REACHED",
      "MESSAGE_LIMIT_REACHED"
    ],
    "condition": "{sender} is on another tier",
    "by_degree": {},
    "while_open": "{sender} is on this tier",
    "matters_to": []
  },
  "sender.messages_sent": {
    "codes": [
      "MESSAGE_LIMIT_REACHED"
    ],
    "condition": "{sender} has messages left this month",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "sender.inmails_sent": {
    "codes": [
      "INMAIL_LIMIT_REACHED"
    ],
    "condition": "{sender} has InMails left this month",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "sender.inmail_credits": {
    "codes": [
      "NO_INMAIL_CREDITS"
    ],
    "condition": "{sender} has an InMail credit",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.tier": {
    "codes": [
      "NO_OPEN_PROFILE"
    ],
    "condition": "{recipient} is on a tier above the lowest",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.visibility": {
    "codes": [
      "RECIPIENT_VISIBILITY"
    ],
    "condition": "{recipient} shows their profile to {sender}",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.accepts_from": {
    "codes": [
      "RECIPIENT_AUDIENCE"
    ],
    "condition": "{recipient} takes messages from anyone",
    "by_degree": {
      "1": "{recipient} takes messages from their connections",
      "2": "{recipient} takes messages from connections of connections"
    },
    "while_open": "",
    "matters_to": []
  },
  "recipient.accepts_inmail": {
    "codes": [
      "INMAIL_DECLINED"
    ],
    "condition": "{recipient} takes InMail",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.open_profile": {
    "codes": [
      "NO_OPEN_PROFILE"
    ],
    "condition": "{recipient} has an open profile",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.contact_info": {
    "codes": [
      "CONTACT_INFO_HIDDEN"
    ],
    "condition": "{recipient} shows {sender} their contact info",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.contact_form": {
    "codes": [
      "NO_CONTACT_FORM"
    ],
    "condition": "{recipient} has a contact form",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.comments_open": {
    "codes": [
      "COMMENTS_CLOSED"
    ],
    "condition": "{recipient} takes comments on their posts",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "recipient.blocks": {
    "codes": [
      "BLOCKED_BY_RECIPIENT",
      "LIMITED_BY_RECIPIENT"
    ],
    "condition": "{recipient} neither blocks {sender} nor limits what they may send",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  },
  "sender.blocks": {
    "codes": [
      "BLOCKED_BY_SENDER"
    ],
    "condition": "{sender} does not block {recipient}",
    "by_degree": {},
    "while_open": "",
    "matters_to": []
  }
};
