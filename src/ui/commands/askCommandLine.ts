import * as vscode from 'vscode';
import {
  plainCommandLine,
  secretCommandLine,
  secretMark,
  type CommandLineProblem,
  type CommandLine,
} from '../../exec/commandLine.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';
import type { RecentCommandLines } from '../state/recentCommandLines.ts';

interface CommandItem extends vscode.QuickPickItem {
  readonly command: string | undefined;
}

/** What is asked for. */
export interface CommandLineQuestion {
  readonly title: string;
  readonly placeholder: string;
  /** What is wrong with a line that is being typed, if anything. */
  readonly problemOf: (line: string) => CommandLineProblem | undefined;
}

/** Asks for a command line for a container: a new one, checked while it is typed, or one that was used before. */
export async function askCommandLine(
  containerId: string,
  recent: RecentCommandLines,
  question: CommandLineQuestion,
): Promise<CommandLine | undefined> {
  const shown = await pickCommand(containerId, recent, question);
  if (shown === undefined) {
    return undefined;
  }
  recent.add(containerId, shown);
  return shown.includes(secretMark) ? withSecret(shown, question) : plainCommandLine(shown);
}

async function pickCommand(
  containerId: string,
  recent: RecentCommandLines,
  { title, placeholder, problemOf }: CommandLineQuestion,
): Promise<string | undefined> {
  const quickPick = vscode.window.createQuickPick<CommandItem>();
  const secrets = vscode.l10n.t('{0} in it is asked for each time and never stored.', secretMark);
  quickPick.title = plainText(title);
  quickPick.placeholder = plainText(`${placeholder} ${secrets}`);
  const forget = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Forget') };
  const show = () => {
    const recents = recent.of(containerId).map((command) =>
      pickItem({
        label: command,
        command,
        iconPath: new vscode.ThemeIcon('history'),
        buttons: [forget],
      }),
    );
    const typed = quickPick.value.trim();
    quickPick.items =
      typed === '' || recents.some(({ command }) => command === typed)
        ? recents
        : [typedItem(typed, problemOf(typed)), ...recents];
  };
  show();
  quickPick.onDidChangeValue(show);
  quickPick.onDidTriggerItemButton(({ item }) => {
    if (item.command !== undefined) {
      recent.forget(containerId, item.command);
      show();
    }
  });
  try {
    return await new Promise<string | undefined>((resolve) => {
      quickPick.onDidAccept(() => {
        const typed = quickPick.value.trim();
        const [item] = quickPick.selectedItems;
        // Enter may come before the typed line is there as a choice.
        const isTyped = item === undefined && typed !== '' && problemOf(typed) === undefined;
        const command = isTyped ? typed : item?.command;
        if (command !== undefined) {
          resolve(command);
        }
      });
      quickPick.onDidHide(() => resolve(undefined));
      quickPick.show();
    });
  } finally {
    quickPick.dispose();
  }
}

/** What is being typed, as the first choice; with its problem in place of a command when it has one. */
function typedItem(typed: string, problem: CommandLineProblem | undefined): CommandItem {
  return problem === undefined
    ? pickItem({ label: typed, command: typed, iconPath: new vscode.ThemeIcon('terminal'), alwaysShow: true })
    : {
        label: problemText(problem),
        command: undefined,
        iconPath: new vscode.ThemeIcon('error'),
        alwaysShow: true,
      };
}

/** Puts a value that only this session knows in the place of the mark. */
async function withSecret(
  shown: string,
  { title, problemOf }: CommandLineQuestion,
): Promise<CommandLine | undefined> {
  const value = await vscode.window.showInputBox({
    title: plainText(title),
    prompt: plainText(vscode.l10n.t('The value of {0} in "{1}". It is not stored.', secretMark, shown)),
    password: true,
    ignoreFocusOut: true,
    validateInput: (typed) => {
      if (/\s/.test(typed)) {
        return vscode.l10n.t('Azure splits the line at spaces: a value cannot have any.');
      }
      const problem = problemOf(secretCommandLine(shown, typed).line);
      return problem === undefined ? undefined : problemText(problem);
    },
  });
  return value === undefined ? undefined : secretCommandLine(shown, value);
}

function problemText(problem: CommandLineProblem): string {
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
