import * as vscode from 'vscode';
import { commandProblem, type CommandProblem } from '../../exec/command.ts';

/** Asks for a command line, and says while it is typed what the service could not run. */
export async function askCommand(): Promise<string | undefined> {
  const command = await vscode.window.showInputBox({
    title: vscode.l10n.t('Exec with Command'),
    prompt: vscode.l10n.t(
      'Azure splits the line at spaces and knows no quotes: "/bin/sh -l" works, "sh -c \'a b\'" does not.',
    ),
    placeHolder: '/bin/sh -l',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const problem = value === '' ? undefined : commandProblem(value);
      return problem === undefined ? undefined : problemText(problem);
    },
  });
  return command === undefined || commandProblem(command) !== undefined ? undefined : command.trim();
}

function problemText(problem: CommandProblem): string {
  switch (problem) {
    case 'empty':
      return vscode.l10n.t('Type a command, for example /bin/sh.');
    case 'tooLong':
      return vscode.l10n.t(
        'Azure takes fewer than 5,000 characters. Put the commands into a script in the image.',
      );
    case 'quotes':
      return vscode.l10n.t('Azure knows no quoting: it splits the line at each space. Take the quotes out.');
    case 'controlCharacter':
      return vscode.l10n.t('Type the command on one line.');
  }
}
