import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TextDocument, Uri } from 'vscode';
import type { AzureClient } from '../../../src/azure/azureClient.ts';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { Log } from '../../support/vscode.ts';

const { PropertiesDocuments } = await import('../../../src/ui/documents/propertiesDocuments.ts');

const ignore = () => undefined;
const log = new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore });

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';
const groupIn = (state: string) =>
  toContainerGroup(
    {
      containers: [{ name: 'web', instanceView: { currentState: { state: 'Running' } } }],
      instanceView: { state },
    },
    id,
  );

it('properties begin with why their group is as it is, and follow it', async () => {
  let known = groupIn('Running');
  const changed = new Emitter<string>();
  const client = { containerGroups: { getRaw: () => Promise.resolve({ properties: { containers: [] } }) } };
  const documents = new PropertiesDocuments({
    azure: () => Promise.resolve({ clientFor: () => Promise.resolve(client) } as unknown as AzureClient), // all that is asked
    inventory: { known: () => known, onDidChangeGroup: changed.event },
    log,
    explainCommand: (_group, title) => ({ title, command: 'explain' }),
  });
  let address: Uri | undefined;
  documents.onDidChange((uri) => (address = uri));
  await documents.show(known, undefined, new AbortController().signal);
  const title = () => documents.provideCodeLenses({ uri: address } as TextDocument)[0]?.command?.title; // all that is read of it
  assert.match(title() ?? '', /^Container group "shop" is running/);

  let changes = 0;
  documents.onDidChangeCodeLenses(() => changes++);
  known = groupIn('Stopped');
  changed.fire(id.replace('shop', 'other'));
  assert.equal(changes, 0);
  changed.fire(id.toUpperCase());
  assert.equal(changes, 1);
  assert.equal(title(), 'Container group "shop" was stopped on request.');
  documents.dispose();
});
