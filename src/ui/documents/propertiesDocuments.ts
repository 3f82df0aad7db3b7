import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { isEnvironmentValue, maskSecrets } from '../../azure/masking.ts';
import { isSameId, requireContainerGroupId, subscriptionOf } from '../../azure/resourceIds.ts';
import { verdictOn } from '../../azure/verdict.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import { fieldOf, itemsOf } from '../../base/json.ts';
import { jsonLines, type JsonLine } from '../../base/jsonLines.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { withSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import { plainText, shortName } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import { explainVerdict, subjectOf } from '../messages/verdicts.ts';

const scheme = 'container-instances-properties';

/** What is known of one open document. The body holds secrets: it goes with its document. */
interface Properties {
  readonly body: unknown;
  /** The JSON pointers of the values that the user wants to see. */
  readonly revealed: Set<string>;
}

export interface PropertiesServices {
  readonly azure: () => Promise<Pick<AzureClient, 'clientFor'>>;
  readonly inventory: Pick<Inventory, 'known' | 'onDidChangeGroup'>;
  readonly log: Log;
  /** What explains more about a group. */
  readonly explainCommand: (group: ContainerGroup, title: string) => vscode.Command;
}

/**
 * Read-only documents with all properties of a container group, its secrets masked. Above each plain environment value
 * is a lens that reveals it, and each resource id is a link to the portal. Above all is why the group is as it is by now.
 */
export class PropertiesDocuments
  implements
    vscode.TextDocumentContentProvider,
    vscode.CodeLensProvider,
    vscode.DocumentLinkProvider,
    vscode.Disposable
{
  private readonly services: PropertiesServices;
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly lensesChanged = this.disposables.add(new vscode.EventEmitter<void>());
  readonly onDidChange = this.changed.event;
  readonly onDidChangeCodeLenses = this.lensesChanged.event;
  /** By the documents' addresses. */
  private readonly open = new Map<string, Properties>();

  constructor(services: PropertiesServices) {
    this.services = services;
    for (const registration of [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerCodeLensProvider({ scheme }, this),
      vscode.languages.registerDocumentLinkProvider({ scheme }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.open.delete(uri.toString())),
      services.inventory.onDidChangeGroup((id) => this.follow(id)),
    ]) {
      this.disposables.add(registration);
    }
  }

  /**
   * Shows the properties of a group as they are now, at one of its containers if there is one to show.
   * @throws {AzureError} or, where the caller cancels, an AbortError.
   */
  async show({ id }: ContainerGroup, container: string | undefined, signal: AbortSignal): Promise<void> {
    const uri = uriOf(id);
    const body = await this.fetch(id, signal);
    this.open.set(uri.toString(), { body, revealed: new Set() });
    this.changed.fire(uri); // one that is open already shows what it was opened with
    const document = await vscode.workspace.openTextDocument(uri);
    const line = container === undefined ? 0 : lineOfContainer(body, this.lines(uri), container);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, 0, line, 0) });
  }

  /** Shows one plain environment value, or masks it again. */
  setRevealed(uri: vscode.Uri, pointer: string, isRevealed: boolean): void {
    const { revealed } = this.open.get(uri.toString()) ?? {};
    if (isRevealed) {
      revealed?.add(pointer);
    } else {
      revealed?.delete(pointer);
    }
    this.changed.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    if (!this.open.has(uri.toString())) {
      // A tab of the last time: nothing of it was kept.
      const body = await withSignal(token, (signal) => this.fetchOrExplain(idOf(uri), signal));
      this.open.set(uri.toString(), { body, revealed: new Set() });
    }
    return this.lines(uri)
      .map(({ text }) => text)
      .join('\n');
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const { revealed } = this.open.get(uri.toString()) ?? {};
    return [...this.verdictLens(uri), ...this.valueLenses(uri, revealed)];
  }

  /** Why the group is as it is, as it is known last. */
  private verdictLens(uri: vscode.Uri): readonly vscode.CodeLens[] {
    const group = this.services.inventory.known(idOf(uri));
    if (group === undefined || !this.open.has(uri.toString())) {
      return [];
    }
    const judged = { group, container: undefined };
    const text = plainText(explainVerdict(verdictOn(judged), subjectOf(judged)));
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), this.services.explainCommand(group, text))];
  }

  private valueLenses(
    uri: vscode.Uri,
    revealed: ReadonlySet<string> = new Set(),
  ): readonly vscode.CodeLens[] {
    return this.lines(uri).flatMap(({ pointer }, line) =>
      isEnvironmentValue(pointer)
        ? [
            new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
              ...(revealed.has(pointer)
                ? { title: vscode.l10n.t('Hide'), command: 'containerInstances.hideValue' }
                : { title: vscode.l10n.t('Reveal'), command: 'containerInstances.revealValue' }),
              arguments: [uri, pointer],
            }),
          ]
        : [],
    );
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    return this.lines(uri).flatMap(({ text }, line) =>
      [...text.matchAll(/"(\/subscriptions\/[^"\\]+)"/g)].map(({ index, 1: id = '' }) => {
        const range = new vscode.Range(line, index + 1, line, index + 1 + id.length);
        const link = new vscode.DocumentLink(range, openInPortal(id));
        link.tooltip = vscode.l10n.t('Open in Portal');
        return link;
      }),
    );
  }

  private lines(uri: vscode.Uri): readonly JsonLine[] {
    const properties = this.open.get(uri.toString());
    return properties === undefined
      ? []
      : jsonLines(maskSecrets(properties.body, (pointer) => properties.revealed.has(pointer)));
  }

  private async fetch(id: string, signal: AbortSignal): Promise<unknown> {
    const client = await (await this.services.azure()).clientFor(subscriptionOf(id), signal);
    return client.containerGroups.getRaw(id, signal);
  }

  /** VS Code shows the message of what is thrown in place of the document. */
  private async fetchOrExplain(id: string, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.fetch(id, signal);
    } catch (error) {
      this.services.log.error(`The properties of ${id} are not shown`, error);
      throw new Error(explain(error), { cause: error });
    }
  }

  private follow(groupId: string): void {
    if ([...this.open.keys()].some((key) => isSameId(idOf(vscode.Uri.parse(key)), groupId))) {
      this.lensesChanged.fire();
    }
  }

  dispose(): void {
    this.open.clear();
    this.disposables.dispose();
  }
}

/** The address of a group's document: its name is the tab's, the query is the resource id. */
function uriOf(id: string): vscode.Uri {
  const { resourceGroup, name } = requireContainerGroupId(id);
  return vscode.Uri.from({ scheme, path: `/${shortName(resourceGroup)}/${shortName(name)}.json`, query: id });
}

function idOf(uri: vscode.Uri): string {
  return uri.query;
}

function openInPortal(id: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: 'command',
    path: 'containerInstances.openInPortal',
    query: JSON.stringify([id]),
  });
}

/** The line on which a container or init container begins; the first one where there is none of the name. */
function lineOfContainer(body: unknown, lines: readonly JsonLine[], container: string): number {
  const properties = fieldOf(body, 'properties');
  const pointers = ['containers', 'initContainers'].flatMap((list) =>
    itemsOf(fieldOf(properties, list)).flatMap((item, index) =>
      fieldOf(item, 'name') === container ? [`/properties/${list}/${index}`] : [],
    ),
  );
  return Math.max(
    0,
    lines.findIndex(({ pointer }) => pointer === pointers[0]),
  );
}
