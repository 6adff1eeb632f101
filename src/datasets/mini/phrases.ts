// Parallel phrases: one entry of a lexicon says the same in every language of the mini suite. Whole inflected phrases
// are written down, never composed from stems, so that what is put together stays grammatical.

/** The languages of the mini suite, in the order of every lexicon's columns. */
export const MINI_LANGUAGES = ['en', 'de', 'es', 'it', 'tr', 'id', 'sw', 'zh'] as const;
export type MiniLanguage = (typeof MINI_LANGUAGES)[number];

/** One text in every language. */
export type Phrase = Readonly<Record<MiniLanguage, string>>;

/** One item of a lexicon: in each language its forms by name (a language has the forms that its grammar asks for). */
export type Entry = Readonly<Record<MiniLanguage, Readonly<Record<string, string>>>>;

/** Builds one value a language. */
export function byLanguage<T>(build: (language: MiniLanguage) => T): Record<MiniLanguage, T> {
  return Object.fromEntries(MINI_LANGUAGES.map((language) => [language, build(language)])) as Record<MiniLanguage, T>;
}

/**
 * Reads a lexicon table: a line an item, a column (split by "|") a language, forms split by "/". The first line names
 * the forms: `past / infinitive | past | …`.
 *
 * @throws Error with the line, when a column or a form is missing: the tables are part of the program.
 */
export function lexicon(table: string): Entry[] {
  const [header, ...lines] = table.trim().split('\n');
  const names = columns(header!).map((column) => forms(column));
  return lines.map((line) => {
    const cells = columns(line);
    const entry = byLanguage((language) => {
      const index = MINI_LANGUAGES.indexOf(language);
      const given = forms(cells[index]!);
      if (given.length !== names[index]!.length) {
        throw new Error(`${language} needs the forms ${names[index]!.join(' / ')}: ${line}`);
      }
      return Object.fromEntries(names[index]!.map((name, i) => [name, given[i]!]));
    });
    return entry;
  });
}

/** A lexicon whose items have one form, called `name`, in every language. */
export function simpleLexicon(name: string, table: string): Entry[] {
  return lexicon(`${MINI_LANGUAGES.map(() => name).join(' | ')}\n${table.trim()}`);
}

/** A sentence pattern: one line, a column a language, with `{form}` where an entry's form is put. */
export function pattern(line: string): Phrase {
  const cells = columns(line);
  return byLanguage((language) => cells[MINI_LANGUAGES.indexOf(language)]!);
}

/** Several patterns, or finished sentences: a line each. */
export function phrases(table: string): Phrase[] {
  return table.trim().split('\n').map(pattern);
}

/**
 * Fills a pattern with the forms of the entries; where two entries have a form of the same name, the later one wins.
 */
export function fill(template: Phrase, ...entries: readonly Entry[]): Phrase {
  return byLanguage((language) => {
    const slots: Record<string, string> = Object.assign({}, ...entries.map((entry) => entry[language])) as never;
    return template[language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const form = slots[name];
      if (form === undefined) throw new Error(`${language}: no form "${name}" for "${template[language]}"`);
      return form;
    });
  });
}

/** A phrase as an entry with one form, to be put into another pattern. */
export function as(name: string, phrase: Phrase): Entry {
  return byLanguage((language) => ({ [name]: phrase[language] }));
}

/** Makes a sentence: a capital at its beginning (Turkish i becomes İ) and a full stop. */
export function sentence(phrase: Phrase): Phrase {
  return byLanguage((language) => {
    const [first = '', ...rest] = phrase[language];
    return first.toLocaleUpperCase(language) + rest.join('') + (language === 'zh' ? '。' : '.');
  });
}

/** Puts sentences one after the other; Chinese writes no space between them. */
export function text(...sentences: readonly Phrase[]): Phrase {
  return byLanguage((language) => sentences.map((s) => s[language]).join(language === 'zh' ? '' : ' '));
}

function columns(line: string): string[] {
  const cells = line.split('|').map((cell) => cell.trim());
  if (cells.length !== MINI_LANGUAGES.length || cells.includes('')) {
    throw new Error(
      `Expected ${MINI_LANGUAGES.length} columns (${MINI_LANGUAGES.join(', ')}), got ${cells.length}: ${line}`,
    );
  }
  return cells;
}

function forms(cell: string): string[] {
  return cell.split('/').map((form) => (form.trim() === '-' ? '' : form.trim()));
}
