import * as vscode from 'vscode';
import { showInformation } from '../messages/notify.ts';
import { execLink, type LinkBase } from './execLink.ts';
import { allContainers } from './pickContainer.ts';
import { selectContainers, type TargetServices } from './target.ts';

/** "Copy Exec Link": a link for each selected container, that opens a terminal there for whoever may. */
export async function copyExecLink(
  args: readonly unknown[],
  base: LinkBase,
  services: TargetServices,
): Promise<void> {
  const words = {
    title: vscode.l10n.t('Copy the Exec Link of a Container'),
    titleIn: (group: string) => vscode.l10n.t('Copy an Exec Link in {0}', group),
    offer: allContainers(),
  };
  const targets = await selectContainers(args, words, services);
  const links = targets.map(({ group, container }) => execLink(base, group.id, container.name));
  if (links.length > 0) {
    await vscode.env.clipboard.writeText(links.join('\n'));
    showInformation(vscode.l10n.t('The link is copied. Whoever opens it is asked first.'));
  }
}
