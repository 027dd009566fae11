// What people read in place of codes. The reasons and gates are word for word those of docs/rules.md, section 3.

export const REASONS = {
  NOT_IN_TIER: "the effective tier does not grant this channel",
  TIER_TOO_LOW: "the degree is too far for this tier, and some tier of the pack that grants direct reaches it",
  OUT_OF_NETWORK: "no tier of the pack that grants direct reaches the degree, or there is no degree",
  NO_OPEN_PROFILE: "the recipient has no open profile, or is on the base tier",
  NO_SHARED_GROUP: "no group with messaging has them both",
  NO_SHARED_PAGE: "no company page that counts ties them both",
  CONTACT_INFO_HIDDEN: "the recipient's contact info is not shown to this sender",
  NO_CONTACT_FORM: "the recipient has no contact form",
  COMMENTS_CLOSED: "the recipient's posts take no comments",
  NO_INMAIL_CREDITS: "the sender has no InMail credit",
  INMAIL_LIMIT_REACHED: "the sender has sent this month's InMails",
  INMAIL_DECLINED: "the recipient takes no InMail, and the pack respects that",
  ALREADY_CONNECTED: "the two are connected",
  RECIPIENT_VISIBILITY: "the recipient's visibility hides them from this sender",
  RECIPIENT_AUDIENCE: "the recipient's accepts_from leaves this sender out",
  MESSAGE_LIMIT_REACHED: "the sender has sent this month's messages",
};

export const GATES = {
  SENDER_GONE: "the sender's account is deactivated or closed",
  RECIPIENT_GONE: "the recipient's account is deactivated or closed",
  BLOCKED_BY_RECIPIENT: "the recipient has blocked the sender",
  BLOCKED_BY_SENDER: "the sender has blocked the recipient",
  SENDER_RESTRICTED: "the platform has restricted the sender, for spam or abuse",
  SENDER_TEMPORARILY_LIMITED: "the platform limits the sender for a time, for security or unusual activity",
  LIMITED_BY_RECIPIENT: "the recipient limits what this sender may send to them",
  UNAVAILABLE: "the recipient is not available to this sender, for a reason that is not told",
};

export const CHANNELS = {
  direct: "Direct message",
  open_profile: "Open profile message",
  group: "Group message",
  company_page: "Company page message",
  contact_info: "Contact info",
  contact_form: "Contact form",
  comment: "Comment on a post",
  inmail: "InMail",
  invite: "Connection request",
};

export const KINDS = {
  message: "message",
  request: "message request",
  paid: "paid",
  "off platform": "off platform",
  public: "public",
  invitation: "invitation",
};

export const MESSAGING = ["message", "request", "paid"];

/** A reason or gate in words; a code that is not known here is better than silence. */
export const reason = (code) => REASONS[code] ?? GATES[code] ?? code;
export const channel = (name) => CHANNELS[name] ?? name;
export const tier = (name) => capital(name.replaceAll("_", " "));
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const number = (value) => Number(value).toLocaleString("en");
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (texts) => new Intl.ListFormat("en-GB", { type: "conjunction" }).format(texts);

/** An instant of the API for people: its date, and its time where it is not midnight, in UTC as the rules count. */
export function instant(text) {
  const time = new Date(text);
  const midnight = text.includes("T00:00:00");
  const form = { dateStyle: "medium", timeZone: "UTC", ...(midnight ? {} : { timeStyle: "short" }) };
  return new Intl.DateTimeFormat("en-GB", form).format(time) + (midnight ? "" : " UTC");
}

/** How far apart the two are, in words. */
export function between(verdict) {
  if (verdict.no_link) return "No link: no path of three steps or fewer, no shared group, no shared page";
  const mutuals = verdict.mutuals ? `, with ${count(verdict.mutuals, "mutual connection")}` : "";
  if (verdict.degree === null) return "No path of three steps or fewer";
  if (verdict.degree === 1) return `Connected (degree 1)${mutuals}`;
  return `${verdict.degree === 2 ? "Two" : "Three"} steps apart (degree ${verdict.degree})${mutuals}`;
}

/** What an action of an unlock does; `name` says whom or what its id means. */
export function action({ action, id, until, cost }, name) {
  const done = {
    upgrade: () => `Upgrade to ${tier(id)}`,
    credit: () => "Get one InMail credit",
    join: () => `Join the group ${name(id)}`,
    follow: () => `Follow the page ${name(id)}`,
    connect: () => `Connect with ${name(id)}`,
    unblock: () => `Unblock ${name(id)}`,
    wait: () => `Wait until ${instant(until)}`,
  }[action];
  return (done ? done() : action) + (cost === null ? "" : ` (cost ${cost})`);
}
