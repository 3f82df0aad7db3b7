/** More than any sentence of ours with a text of Azure's in it, in characters. */
const maxLength = 2_000;

/**
 * Text that VS Code shows just as it is, on one line: texts from outside may hold `[link](command:…)`, which
 * notifications and view messages make a link of, and `$(icon)`, which labels draw.
 */
export function plainText(text: string): string {
  return oneLine(text).replace(/\]\(/g, '] (').replace(/\$\(/g, '$ (');
}

/** Text on one line, of a bounded length, without control characters and those that turn the direction of what follows. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.slice(0, maxLength).replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ');
}
