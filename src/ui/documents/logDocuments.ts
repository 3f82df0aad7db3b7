import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { parseContainerId, subscriptionOf } from '../../azure/resourceIds.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { withSignal } from '../cancellation.ts';
import { shortName } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import type { Log } from '../log.ts';
import { logText } from './logText.ts';

/** The scheme of the documents' addresses; the manifest's menus name it. */
export const logScheme = 'container-instances-log';

interface LogDocument {
  readonly text: string;
  readonly withTimestamps: boolean;
}

export interface LogDocumentServices {
  readonly azure: () => Promise<Pick<AzureClient, 'clientFor'>>;
  readonly inventory: Inventory;
  readonly log: Log;
}

/** Read-only documents of containers' logs as they were when they were last read. */
export class LogDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly documents = new Map<string, LogDocument>();
  private readonly services: LogDocumentServices;
  private readonly disposables: vscode.Disposable;

  constructor(services: LogDocumentServices) {
    this.services = services;
    this.disposables = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(logScheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.documents.delete(uri.toString())),
    );
  }

  /** Reads the log of a container and shows it at its end. */
  async show(group: ContainerGroup, container: Container): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: logScheme,
      path: `/${shortName(group.name)}/${shortName(container.name)}.log`,
      query: container.id,
    });
    await this.read(uri, this.documents.get(uri.toString())?.withTimestamps ?? false);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'log');
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(editor.selection);
  }

  /** Reads the log of a document again, in place. */
  async reload(uri: vscode.Uri): Promise<void> {
    await this.read(uri, this.documents.get(uri.toString())?.withTimestamps ?? false);
  }

  async toggleTimestamps(uri: vscode.Uri): Promise<void> {
    await this.read(uri, this.documents.get(uri.toString())?.withTimestamps !== true);
  }

  /** A document that VS Code has kept from an earlier window is read now. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const key = uri.toString();
    if (!this.documents.has(key)) {
      try {
        await this.read(uri, false);
      } catch (error) {
        this.services.log.error(`Reading the log of ${uri.query} failed`, error);
        return explain(error);
      }
    }
    return this.documents.get(key)?.text ?? '';
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async read(uri: vscode.Uri, withTimestamps: boolean): Promise<void> {
    const text = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading the log…') },
      (_progress, token) => withSignal(token, (signal) => this.textOf(uri.query, withTimestamps, signal)),
    );
    this.documents.set(uri.toString(), { text, withTimestamps });
    this.changed.fire(uri);
  }

  private async textOf(containerId: string, timestamps: boolean, signal: AbortSignal): Promise<string> {
    const { azure, inventory } = this.services;
    const { groupId = '', container = '' } = parseContainerId(containerId) ?? {};
    const client = await (await azure()).clientFor(subscriptionOf(groupId), signal);
    const [content, group] = await Promise.all([
      client.containers.listLogs({ groupId, container, timestamps }, signal),
      inventory.freshContainerGroup(groupId, signal),
    ]);
    const found = group.containers.find(({ name }) => name === container);
    return logText(content, {
      withTimestamps: timestamps,
      isRunning: found !== undefined && isRunning(found),
    });
  }
}
