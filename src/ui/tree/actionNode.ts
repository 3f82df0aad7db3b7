import * as vscode from 'vscode';
import type { AzureProblem } from '../../azure/errors.ts';
import type { Node } from './node.ts';

/** A row that does something when it is clicked. VS Code shows no welcome text, with its buttons, below a message. */
class ActionNode implements Node {
  readonly id: string;
  private readonly title: string;
  private readonly iconId: string;
  private readonly command: string;
  private readonly args: readonly unknown[];

  constructor(title: string, iconId: string, command: string, ...args: readonly unknown[]) {
    this.id = `action:${command}`;
    this.title = title;
    this.iconId = iconId;
    this.command = command;
    this.args = args;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.title, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon(this.iconId);
    item.command = { command: this.command, title: this.title, arguments: [...this.args] };
    item.contextValue = 'action';
    return item;
  }

  fingerprint(): string {
    return this.title;
  }
}

/** What can be done where nothing can be shown, below the message that says why. */
export function actionsFor(problem: AzureProblem): readonly Node[] {
  const signIn = new ActionNode(vscode.l10n.t('Sign In to Azure'), 'account', 'containerInstances.signIn');
  const credential = new ActionNode(
    vscode.l10n.t('Choose Another Credential'),
    'settings-gear',
    'workbench.action.openSettings',
    'containerInstances.credential',
  );
  const needsAccount =
    problem.kind === 'notSignedIn' || (problem.kind === 'credential' && problem.credential === 'vscode');
  const forCredential = needsAccount
    ? [signIn, credential]
    : problem.kind === 'credential'
      ? [credential]
      : [];
  return [
    ...forCredential,
    new ActionNode(vscode.l10n.t('Refresh'), 'refresh', 'containerInstances.refresh'),
    new ActionNode(vscode.l10n.t('Show Log'), 'output', 'containerInstances.showLog'),
  ];
}
