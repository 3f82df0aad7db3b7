import { redact } from '../../base/redact.ts';

const named =
  /\/(subscriptions|resourceGroups|containerGroups|containers|initContainers|tenants)\/([^/\s?"',:]+)/gi;

const word = /[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*/gu;

/**
 * Texts of the log as they may be shown in public: without secrets, names of resources, accounts and the user's folder.
 * The same name is the same number throughout. Each step looks at every character once.
 */
export function anonymous(texts: readonly string[], home: string): readonly string[] {
  const numbers = new Map<string, number>();
  for (const text of texts) {
    for (const [, , name = ''] of text.matchAll(named)) {
      const key = name.toLowerCase();
      numbers.set(key, numbers.get(key) ?? numbers.size + 1);
    }
  }
  const numbered = (name: string) => {
    const number = numbers.get(name.toLowerCase());
    return number === undefined ? name : `[${number}]`;
  };
  return texts.map((text) =>
    redact(home === '' ? text : text.replaceAll(home, '~'))
      .replace(named, (_whole, type: string, name: string) => `/${type}/${numbered(name)}`)
      .replace(word, numbered)
      .replace(/\S+/g, (part) => (part.includes('@') ? '[account]' : part)),
  );
}
