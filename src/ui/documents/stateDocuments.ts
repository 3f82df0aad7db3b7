import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { AzureError } from '../../azure/errors.ts';
import { isSameId, parseContainerId, subscriptionOf } from '../../azure/resourceIds.ts';
import { containerWithLog, type Judged } from '../../azure/verdict.ts';
import { isCancellation } from '../../base/cancellation.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { withSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import { shortName } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import { stateReport, type LogEnd } from '../messages/stateReport.ts';

const scheme = 'container-instances-state';

/** How much of a log says why its container has ended. */
const logLines = 10;

interface StateDocument {
  readonly judged: Judged;
  readonly logEnd: LogEnd | undefined;
}

interface StateDocumentServices {
  readonly azure: () => Promise<Pick<AzureClient, 'clientFor'>>;
  readonly inventory: Inventory;
  readonly log: Log;
  /** What the first line offers to do. */
  readonly stepsFor: (judged: Judged) => Promise<readonly vscode.Command[]>;
}

/**
 * Read-only documents that say why a container or a group is as it is, with the next steps above their first line. An
 * open one follows what the inventory learns of its group.
 */
export class StateDocuments
  implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
  private readonly services: StateDocumentServices;
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly lensesChanged = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  readonly onDidChangeCodeLenses = this.lensesChanged.event;
  /** By the documents' addresses. */
  private readonly open = new Map<string, StateDocument>();

  constructor(services: StateDocumentServices) {
    this.services = services;
    for (const registration of [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.open.delete(uri.toString())),
      services.inventory.onDidChangeGroup((id) => this.follow(id)),
    ]) {
      this.disposables.add(registration);
    }
  }

  /**
   * Explains the state that a container or a container group has now.
   * @throws {AzureError} or, where the user cancels, an AbortError.
   */
  async show(id: string): Promise<void> {
    const name = nameOf(id);
    const uri = vscode.Uri.from({
      scheme,
      path: `/${vscode.l10n.t('State of {0}', shortName(name))}`,
      query: id,
    });
    await this.read(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
  }

  /** A tab of an earlier window is read now. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (!this.open.has(uri.toString())) {
      try {
        await this.read(uri);
      } catch (error) {
        if (!isCancellation(error)) {
          this.services.log.error(`Explaining the state of ${uri.query} failed`, error);
        }
        return explain(error);
      }
    }
    const known = this.open.get(uri.toString());
    return known === undefined ? '' : stateReport(known.judged, known.logEnd);
  }

  async provideCodeLenses({ uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const known = this.open.get(uri.toString());
    const steps = known === undefined ? [] : await this.services.stepsFor(known.judged);
    return steps.map((command) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command));
  }

  private async read(uri: vscode.Uri): Promise<void> {
    const document = await vscode.window.withProgress(
      { location: { viewId: 'containerInstances.groups' }, cancellable: true },
      (_progress, token) => withSignal(token, (signal) => this.ask(uri.query, signal)),
    );
    this.update(uri, document);
  }

  private async ask(id: string, signal: AbortSignal): Promise<StateDocument> {
    const { groupId = '' } = parseContainerId(id) ?? {};
    const group = await this.services.inventory.freshContainerGroup(groupId, signal);
    const judged = judgedIn(group, id);
    if (judged === undefined) {
      throw new AzureError({ kind: 'notFound', detail: nameOf(id) });
    }
    const container = containerWithLog(judged);
    return { judged, logEnd: container && (await this.logEnd(group, container, signal)) };
  }

  /** That there is no log is no reason to say nothing. */
  private async logEnd(group: ContainerGroup, container: Container, signal: AbortSignal): Promise<LogEnd> {
    const { name } = container;
    try {
      const client = await (await this.services.azure()).clientFor(subscriptionOf(group.id), signal);
      const request = { groupId: group.id, container: name, tail: logLines, timestamps: false };
      const content = await client.containers.listLogs(request, signal);
      const text = content.trimEnd();
      return { container: name, text: text === '' ? vscode.l10n.t('The log is empty.') : text };
    } catch (error) {
      if (isCancellation(error)) {
        throw error;
      }
      this.services.log.warn(`Reading the log of ${container.id} failed`, error);
      return { container: name, text: explain(error) };
    }
  }

  private follow(groupId: string): void {
    const group = this.services.inventory.known(groupId);
    for (const [key, { judged, logEnd }] of this.open) {
      const uri = vscode.Uri.parse(key);
      const now =
        group !== undefined && isSameId(judged.group.id, groupId) ? judgedIn(group, uri.query) : undefined;
      if (now !== undefined) {
        this.update(uri, { judged: now, logEnd });
      }
    }
  }

  private update(uri: vscode.Uri, document: StateDocument): void {
    this.open.set(uri.toString(), document);
    this.changed.fire(uri);
    this.lensesChanged.fire();
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** What an id names in a group; undefined where the group no longer has it. */
function judgedIn(group: ContainerGroup, id: string): Judged | undefined {
  if (isSameId(group.id, id)) {
    return { group, container: undefined };
  }
  const all = [...group.initContainers, ...group.containers];
  const container = all.find((one) => isSameId(one.id, id));
  return container && { group, container };
}
