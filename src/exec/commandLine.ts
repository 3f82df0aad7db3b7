import { AzureError, mapTexts, toAzureError } from '../azure/errors.ts';
import { isCancellation } from '../base/cancellation.ts';
import { redact } from '../base/redact.ts';

/** The service refuses 5,000 characters and more with `InvalidCommandLength`. */
const maxCommandLength = 4_999;

/** Stands in a command line for a value that is asked for each time and kept nowhere. */
export const secretMark = '{secret}';

/** A command line. */
export interface CommandLine {
  readonly line: string;
  /** What is shown and kept of it: a secret is only marked. */
  readonly shown: string;
  readonly secret: string | undefined;
}

/** A command line without a secret. */
export function plainCommandLine(line: string): CommandLine {
  return { line, shown: line, secret: undefined };
}

/** A command line in which the secret takes the place of each mark. */
export function secretCommandLine(shown: string, secret: string): CommandLine {
  return { line: shown.replaceAll(secretMark, () => secret), shown, secret };
}

/** Why the service could not run a command line as its author means it. */
export type CommandLineProblem = 'empty' | 'tooLong' | 'quotes' | 'controlCharacter';

/** The first problem of a command line, or undefined. The service splits it at spaces and knows no quoting. */
export function commandLineProblem(command: string): CommandLineProblem | undefined {
  if (command.trim() === '') {
    return 'empty';
  }
  if (encodeCommandLine(command).length > maxCommandLength) {
    return 'tooLong';
  }
  if (/["'`]/.test(command)) {
    return 'quotes';
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(command) ? 'controlCharacter' : undefined;
}

/** Encodes what the service would decode: it reads `%XX` and `+` as in a web form. Not confirmed by Microsoft. */
export function encodeCommandLine(command: string): string {
  return command.trim().replaceAll('%', '%25').replaceAll('+', '%2B');
}

/** The shortest secret that is hidden inside of words too, in characters: a shorter one stands in many by chance. */
const shortSecret = 3;

/** Stands for the secret while the rest of the text is looked through, so that nothing is found in the mark itself. */
const hidden = '\0';

/**
 * Takes the secret of a command out of a text of Azure's that repeats the command: as it was typed, sent, escaped, encoded
 * or redacted, in its argument or alone.
 */
export function hideSecret(text: string, { secret = '', shown }: CommandLine): string {
  if (secret === '') {
    return text;
  }
  let rest = text;
  for (const argument of shown.split(' ').filter((item) => item.includes(secretMark))) {
    for (const form of formsOf(argument.replaceAll(secretMark, () => secret))) {
      rest = replaceWords(rest, form, argument.replaceAll(secretMark, hidden));
    }
  }
  for (const form of formsOf(secret)) {
    rest = secret.length < shortSecret ? replaceWords(rest, form, hidden) : rest.replaceAll(form, hidden);
  }
  // The service splits a secret at its blanks as well, and may repeat a part of it.
  for (const part of secret.split(' ').filter(({ length }) => length >= shortSecret)) {
    for (const form of formsOf(part)) {
      rest = replaceWords(rest, form, hidden);
    }
  }
  return rest.replaceAll(hidden, secretMark);
}

/** The ways to write a text that Azure's words may use, the longest one first. */
function formsOf(text: string): readonly string[] {
  const forms = [text, encodeCommandLine(text)].flatMap((sent) => {
    const percent = encodeURIComponent(sent.toWellFormed());
    const json = JSON.stringify(sent).slice(1, -1);
    const ascii = json.replace(/[^ -~]/g, unicodeEscape);
    const dotnet = sent.replaceAll('\\', '\\\\').replace(/["'&<>+`]|[^ -~]/g, unicodeEscape);
    return [sent, percent, percent.replaceAll('%20', '+'), json, ascii, dotnet, redact(sent)];
  });
  const small = forms.map((form) => form.replace(/%[\dA-F]{2}|\\u[\dA-F]{4}/g, (code) => code.toLowerCase()));
  return [...new Set([...forms, ...small])]
    .filter((form) => form !== '')
    .toSorted((a, b) => b.length - a.length);
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Replaces a word where no letter or digit is next to it. */
function replaceWords(text: string, word: string, replacement: string): string {
  const isPart = (at: number) => /[\p{L}\p{N}]/u.test(text.charAt(at));
  let result = '';
  let from = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, Math.max(from, at + 1))) {
    if (!isPart(at - 1) && !isPart(at + word.length)) {
      result += text.slice(from, at) + replacement;
      from = at + word.length;
    }
  }
  return result + text.slice(from);
}

/** The same error with the secret of the command taken out of each of its texts. A cancellation has none. */
export function hideSecretInError(error: unknown, command: CommandLine): unknown {
  // The cause may repeat the command too, so it goes.
  return command.secret === undefined || isCancellation(error)
    ? error
    : new AzureError(mapTexts(toAzureError(error).problem, (text) => hideSecret(text, command)));
}
