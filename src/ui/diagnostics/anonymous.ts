import { redact } from '../../base/redact.ts';

/**
 * A text of the log as it may be shown in public: without secrets, names of resources, accounts and the user's folder.
 * The same name is the same number throughout. Each step looks at every character once.
 */
export function anonymizer(home: string): (text: string) => string {
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    const key = name.toLowerCase();
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    return number;
  };
  return (text) =>
    redact(home === '' ? text : text.replaceAll(home, '~'))
      .replace(
        /\/(subscriptions|resourceGroups|containerGroups|containers|initContainers|tenants)\/([^/\s?"',:]+)/gi,
        (_whole, type: string, name: string) => `/${type}/[${numberOf(name)}]`,
      )
      .replace(/\S+/g, (word) => (word.includes('@') ? '[account]' : word));
}
