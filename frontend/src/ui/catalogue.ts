/** What a catalogue holds: sentences, sentences with values in them, and groups of both. */
export type Texts = {
  readonly [name: string]: string | readonly string[] | ((...values: never[]) => string) | Texts;
};

const english = new Map<string, Texts>();
const translations = new Map<string, Texts>();

/** Replaces the English of a catalogue; what a translation lacks stays English. Call it before the screens load. */
export function translate(name: string, texts: Texts): void {
  translations.set(name, texts);
}

/**
 * Declares the words of one part of the screens. Every sentence a user reads stands in a `texts.ts` and passes here,
 * so a translation is one more file per catalogue. A name used twice is our mistake.
 */
export function catalogue<const T extends Texts>(name: string, texts: T): T {
  if (english.has(name) && !import.meta.hot) throw new Error(`catalogue ${name} exists twice`);
  english.set(name, texts);
  return merged(texts, translations.get(name)) as T;
}

function merged(texts: Texts, over: Texts | undefined): Texts {
  if (over === undefined) return texts;
  const result: Record<string, Texts[string]> = { ...texts };
  for (const [key, text] of Object.entries(over)) {
    const original = texts[key];
    if (isGroup(original) && isGroup(text)) result[key] = merged(original, text);
    else if (typeof original === typeof text) result[key] = text;
  }
  return result;
}

const isGroup = (text: Texts[string] | undefined): text is Texts =>
  typeof text === "object" && !Array.isArray(text);
