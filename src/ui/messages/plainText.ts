import { controlCharacters } from '../../base/controlCharacters.ts';

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
  return text.slice(0, maxLength).replace(controlCharacters, ' ');
}

/** The longest name that Azure allows, in characters. */
const maxName = 63;

/** A name as it stands beside other texts on a line of a terminal or as the name of a document. */
export function shortName(name: string): string {
  return oneLine(name).slice(0, maxName);
}
