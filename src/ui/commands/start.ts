import * as vscode from 'vscode';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Start": starts stopped container groups. */
export function start(args: readonly unknown[], services: OperationServices): Promise<void> {
  const states: readonly (string | undefined)[] = ['Stopped', 'Succeeded', 'Failed'];
  const operation = {
    verb: 'start',
    action: vscode.l10n.t('Start'),
    title: vscode.l10n.t('Start a Container Group'),
    offer: {
      isOffered: ({ state }: { readonly state: string | undefined }) => states.includes(state),
      none: vscode.l10n.t('There is no stopped container group'),
    },
    asks: 'never',
  } as const;
  return operateOnGroups(args, operation, services);
}
