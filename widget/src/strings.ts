// Every word of the interface. A translation is one more table; what it leaves out stays English.
// A site can also set the element's `strings` property. The bot's own words come from the server.

export const en = {
  heading: "Rotation Bot",
  tagline: "US clinical rotations, answered",
  greeting: "Hi! Ask me about electives, externships and observerships in the United States: who can apply, when, with which documents, and what it costs.",
  starters: "Find programs|Plan my dates|What does it cost?|Which rotation suits me?",
  privacy: "E-mail addresses, phone and passport numbers are removed before anything is stored.",
  open: "Open chat",
  close: "Close chat",
  unreadOne: "1 new message",
  unreadMany: "{n} new messages",
  question: "Your question",
  placeholder: "Ask about US rotations",
  send: "Send",
  length: "{n} of {most} characters",
  newer: "To the newest",
  today: "Today",
  staff: "A person from the team, since {time}",
  conversation: "Conversation",
  you: "You",
  writing: "Rotation Bot is writing",
  sending: "Sending…",
  delivered: "Delivered. The answer follows.",
  waiting: "Not sent yet: you are offline.",
  notSent: "Not sent: no connection. I keep trying.",
  again: "Try again",
  offline: "You are offline. What you write is sent when you are back.",
  interrupted: "The connection is interrupted. I keep trying.",
  failed: "That did not work. Please try again.",
  answerTo: "Answer to “{question}”",
  suggestions: "Suggestions",
  helpful: "Was this helpful?",
  up: "Helpful",
  down: "Not helpful",
  reason: "What was wrong or missing? (optional)",
  sendReason: "Send",
  thanks: "Thank you for telling us.",
  menu: "Menu",
  person: "Talk to a person",
  personTitle: "Talk to a person?",
  personText: "You are put on the team's list, and they can read this conversation. Somebody answers here in this chat.",
  personYes: "Ask for a person",
  personAsk: "I would like to talk to a person.",
  cancel: "Cancel",
  data: "What you know about me",
  dataAsk: "What do you know about me?",
  fresh: "New talk",
  freshAsk: "Start over",
  printTalk: "Print or save this talk",
  wider: "Larger window",
  narrower: "Smaller window",
  clear: "Delete chat",
  clearTitle: "Delete this chat?",
  clearText: "Everything you wrote and everything I answered is deleted for good, here and on the server, and so is a Telegram chat linked to it.",
  keep: "Keep it",
  remove: "Delete",
  more: "More",
  less: "Less",
  sourceOne: "1 source",
  sourceMany: "{n} sources",
  reviewed: "reviewed {date}",
  moreFacts: "More facts",
  moreCards: "Show {n} more",
  officialPage: "Official page",
  sourcePage: "Source page",
  comparison: "Comparison",
  by: "by {date}",
  span: "{from} to {to}",
  estimated: "{date} (estimated)",
  computed: "Computed on {date}.",
  enlarge: "Open large",
  calendar: "Add to calendar (.ics)",
  print: "Print",
  popups: "Please allow pop-up windows for this page to print.",
  done: "Done", on_track: "On track", tight: "Tight", late: "Late",
  feasible: "Works", impossible: "Does not work",
};

export type Strings = typeof en;
export const tables: Record<string, Partial<Strings>> = { en };

/** The table of a language such as "en-US", completed with English. */
export function stringsFor(language: string): Strings {
  const code = language.toLowerCase();
  return { ...en, ...(tables[code] ?? tables[code.split("-")[0]]) };
}

/** Puts values into the {names} of a string. */
export function fill(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The language of dates: that of the words around them. */
export function dateLanguage(language: string): string {
  return tables[language.toLowerCase().split("-")[0]] ? language : "en";
}

/** The word for a code such as a milestone's status; an unknown code is shown as it is. */
export function label(strings: Strings, code: string): string {
  return Object.hasOwn(strings, code) ? strings[code as keyof Strings] : code;
}

const RTL = /^(ar|arc|ckb|dv|fa|he|ks|ku-arab|ps|sd|ug|ur|yi)\b/i;

/** Which way a language runs. */
export function directionOf(language: string): "rtl" | "ltr" {
  return RTL.test(language) ? "rtl" : "ltr";
}
