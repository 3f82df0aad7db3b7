import * as vscode from 'vscode';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { confirmFiles } from '../messages/openings.ts';
import type { OpenedContainers } from '../state/openedContainers.ts';
import type { ContainerPath } from './containerUri.ts';

/**
 * Who may open the files of a container. An address that no command of ours has opened may come from a link, a workspace
 * or another extension: the user is asked before Azure is.
 */
export class FileAccess {
  private readonly opened: OpenedContainers;
  private readonly inventory: Inventory;
  private readonly log: Log;
  /** The questions of this window, one after the other. */
  private questions = Promise.resolve();
  /** Who has said no once is not asked again: addresses can be many. */
  private isRefused = false;

  constructor(opened: OpenedContainers, inventory: Inventory, log: Log) {
    this.opened = opened;
    this.inventory = inventory;
    this.log = log;
  }

  /** @throws {vscode.FileSystemError} `NoPermissions` where the user does not agree, or the workspace is not trusted. */
  async require(place: ContainerPath): Promise<void> {
    const id = `${place.groupId}/containers/${place.containerName}`;
    if (this.opened.has(id)) {
      return;
    }
    if (!vscode.workspace.isTrusted) {
      throw refusal(
        vscode.l10n.t(
          'This workspace is not trusted, so it may not open the files of a container. Trust it, or run "Browse Files…" in the view.',
        ),
      );
    }
    const answer = this.questions.then(() => this.ask(id, place));
    this.questions = answer.catch(() => undefined);
    await answer;
  }

  private async ask(id: string, place: ContainerPath): Promise<void> {
    if (this.opened.has(id)) {
      return; // since the question before this one
    }
    if (!this.isRefused && (await confirmFiles(place, this.inventory))) {
      await this.opened.add(id);
      return;
    }
    this.isRefused = true;
    this.log.info(`An address asked for the files of ${place.containerName} and was refused`);
    throw refusal(
      vscode.l10n.t(
        'You did not allow this window to open the files of "{0}". Run "Browse Files…" on the container in the view to open them.',
        place.containerName,
      ),
    );
  }
}

function refusal(text: string): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(text);
}
