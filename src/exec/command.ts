/** The service refuses 5,000 characters and more with `InvalidCommandLength`. */
const maxCommandLength = 4_999;

/** Why the service could not run a command line as its author means it. */
export type CommandProblem = 'empty' | 'tooLong' | 'quotes' | 'controlCharacter';

/** The first problem of a command line, or undefined. The service splits it at spaces and knows no quoting. */
export function commandProblem(command: string): CommandProblem | undefined {
  if (command.trim() === '') {
    return 'empty';
  }
  if (encodeCommand(command).length > maxCommandLength) {
    return 'tooLong';
  }
  if (/["'`]/.test(command)) {
    return 'quotes';
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(command) ? 'controlCharacter' : undefined;
}

/** Encodes what the service would decode: it reads `%XX` and `+` as in a web form. Not confirmed by Microsoft. */
export function encodeCommand(command: string): string {
  return command.trim().replaceAll('%', '%25').replaceAll('+', '%2B');
}
