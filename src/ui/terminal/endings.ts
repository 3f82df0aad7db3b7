import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { toAzureError } from '../../azure/errors.ts';
import type { SessionEnd } from '../../exec/session.ts';
import { explainNotRunning } from '../problems.ts';

/** From so long without traffic on, being idle is the likely cause of a loss, in milliseconds (azure-docs#48526). */
const idleMs = 9 * 60_000;

/**
 * Looks at a container after its session: what became of it meanwhile explains the end better than the socket can.
 * Undefined when nothing did, or Azure does not tell, which `onFailure` hears.
 */
export async function explainMeanwhile(
  before: Container,
  look: () => Promise<ContainerGroup>,
  onFailure: (error: unknown) => void,
): Promise<string | undefined> {
  let after: Container | undefined;
  try {
    after = (await look()).containers.find(({ name }) => name === before.name);
  } catch (error) {
    if (toAzureError(error).problem.kind === 'notFound') {
      return gone(before);
    }
    onFailure(error);
    return undefined;
  }
  if (after === undefined) {
    return gone(before);
  }
  if (!isRunning(after)) {
    return explainNotRunning(after);
  }
  const restarted =
    after.restartCount !== before.restartCount ||
    after.current?.startTime?.getTime() !== before.current?.startTime?.getTime();
  return restarted ? vscode.l10n.t('Container "{0}" was restarted.', before.name) : undefined;
}

function gone({ name }: Container): string {
  return vscode.l10n.t('Container "{0}" is not there any more.', name);
}

/** How a session ended, as its socket tells. Undefined where nobody needs to be told. */
export function explainEnd(end: SessionEnd): string | undefined {
  switch (end.kind) {
    case 'cancelled':
      return undefined;
    case 'closed':
      return vscode.l10n.t('Session ended.');
    case 'refused':
      return vscode.l10n.t(
        'Azure refused the session (close code 1008). It may be forbidden in this container.',
      );
    case 'serviceEnded':
      return vscode.l10n.t('Azure closed the session (close code {0}).', end.code);
    case 'malformed':
      return vscode.l10n.t('Connection lost: what arrived was no terminal output ({0}).', end.code);
    case 'silent':
      return vscode.l10n.t('Connection lost: the other side no longer answers. Check the network.');
    case 'lost':
      return end.idleMs < idleMs
        ? vscode.l10n.t('Connection lost ({0}). Check the network.', end.code)
        : vscode.l10n.t(
            'Connection lost ({0}) after {1} idle minutes: Azure ends idle sessions after 10 to 15.',
            end.code,
            Math.floor(end.idleMs / 60_000),
          );
  }
}
