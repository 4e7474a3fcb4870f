// Every word of the interface stands in languages/: English in the component (en.json) and in what is loaded later
// (en.later.json); each other language is one file, loaded when it is used. What is missing stays English.
// A site can also set the element's `strings` property. The bot's own words come from the server; those about the chat
// itself (notices, errors, their buttons) stand in the tables of other languages, too.

import { codeOf, recallTable } from "./languages.js";
import en from "./languages/en.json";
import type { ServerWords } from "./protocol.js";

export { en };
export type Strings = typeof en;

/** The table of a language such as "en-US", completed with English. */
export function stringsFor(language: string): Strings {
  return { ...en, ...recallTable(language) };
}

/** Puts values into the {names} of a string. */
export function fill(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The language of the words, and of the dates among them. */
export function dateLanguage(language: string): string {
  return recallTable(language) || codeOf(language) === "en" ? language : "en";
}

/** The word for a code such as a milestone's status; an unknown code is shown as it is. */
export function label(strings: Strings, code: string): string {
  return Object.hasOwn(strings, code) ? strings[code as keyof Strings] : code;
}

/** What the server says, in the language of the frame where its table has that. */
export function translated(strings: Strings, { text, key = "", values = {} }: ServerWords): string {
  const words = label(strings, key);
  return words === key ? text : fill(words, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, label(strings, value)])));
}

const RTL = /^(ar|arc|ckb|dv|fa|he|ks|ku-arab|ps|sd|ug|ur|yi)\b/i;

/** Which way a language runs. */
export function directionOf(language: string): "rtl" | "ltr" {
  return RTL.test(language) ? "rtl" : "ltr";
}
