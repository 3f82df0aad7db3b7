import { AzureError } from '../azure/errors.ts';
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

/** Takes the secret of a command out of a text of Azure's that repeats the command: as sent, decoded or redacted. */
export function hideSecret(text: string, { secret = '' }: CommandLine): string {
  const forms = secret === '' ? [] : [encodeCommandLine(secret), secret, redact(secret)];
  return forms.reduce((hidden, form) => hidden.replaceAll(form, secretMark), text);
}

/** The same error with the secret of the command taken out of Azure's words. */
export function hideSecretInError(error: unknown, command: CommandLine): unknown {
  // The cause may repeat the command too, so it goes.
  return command.secret !== undefined && error instanceof AzureError && 'detail' in error.problem
    ? new AzureError({ ...error.problem, detail: hideSecret(error.problem.detail, command) })
    : error;
}
