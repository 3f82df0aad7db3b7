/** More than any sentence of ours with a text of Azure's in it, in characters. */
const maxLength = 2_000;

/**
 * Text that VS Code shows just as it is, on one line: texts from outside may hold `[link](command:…)`, which
 * notifications and view messages make a link of, `$(icon)`, which labels draw, and control characters.
 */
export function plainText(text: string): string {
  return (
    text
      .slice(0, maxLength)
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/\]\(/g, '] (')
      .replace(/\$\(/g, '$ (')
  );
}
