// Loads the words of a language when it is used. They are data and drawn as text, so a name with a hash is all they need.

declare const LANGUAGES: { codes: string[]; hash: string };
const LONGEST_WAIT_MS = 3000;
const tables: Record<string, Record<string, string>> = {};

/** "pt" of "pt-BR". */
export const codeOf = (language: string) => language.toLowerCase().split("-")[0];
export const isKnown = (language: string) => LANGUAGES.codes.includes(codeOf(language));
export const recallTable = (language: string): Record<string, string> | undefined => tables[codeOf(language)];

/** Words that cannot be loaded stay English. */
export async function loadTable(host: string, language: string): Promise<void> {
  const code = codeOf(language);
  if (tables[code] || !isKnown(code)) return;
  const found = await fetch(`${host}/widget/${code}-${LANGUAGES.hash}.json`, { credentials: "omit", signal: AbortSignal.timeout(LONGEST_WAIT_MS) }).catch(() => undefined);
  if (found?.ok) tables[code] = await found.json();
}
