import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AzureClient } from '../../../src/azure/azureClient.ts';
import { toContainerGroup, type ContainerGroup } from '../../../src/azure/containerGroups.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { onAbort } from '../../../src/base/cancellation.ts';
import { plainCommandLine } from '../../../src/exec/commandLine.ts';
import { RemoteShells } from '../../../src/exec/remoteShell/remoteShells.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import { Log, TerminalSession } from '../../support/vscode.ts';

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/web';

function groupWith(state: string): ContainerGroup {
  const currentState = { state, detailStatus: '', exitCode: 3 };
  const containers = [{ name: 'web', image: 'nginx', instanceView: { currentState } }];
  return toContainerGroup({ containers, osType: 'Linux', instanceView: { state } }, id);
}

/** A terminal in a container, while the account changes: the former one is never answered, the next one says no. */
function sessionOf(state: string) {
  let account = 0;
  const asked: string[] = [];
  const answer = <T>(what: string, signal: AbortSignal, value: () => T): Promise<T> => {
    asked.push(`${what} ${account}`);
    const { promise, reject } = Promise.withResolvers<T>();
    onAbort(signal, reject);
    return account === 0 ? promise : Promise.race([promise, Promise.resolve().then(value)]);
  };
  const clientFor = () =>
    Promise.resolve({
      containers: {
        executeCommand: (_request: unknown, signal: AbortSignal) =>
          answer('exec', signal, () => {
            throw new AzureError({ kind: 'notFound', detail: 'what the next account may not see' });
          }),
      },
      containerGroups: {
        get: (_id: string, signal: AbortSignal) => answer('get', signal, () => groupWith(state)),
      },
    });
  const azure = () => Promise.resolve({ clientFor } as unknown as AzureClient); // all that a session asks of it
  const inventory = new Inventory(azure);
  const remoteShells = new RemoteShells(() => Promise.reject(new Error('not needed here')));
  const ignore = () => undefined;
  const channel = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
  const group = groupWith(state);
  const [container] = group.containers;
  assert.ok(container);
  const session = new TerminalSession(
    { group, container, commands: [plainCommandLine('/bin/sh')], name: 'web' },
    { azure, inventory, remoteShells, log: new Log(channel), onStarted: ignore, onHost: ignore },
    { write: ignore, notify: ignore, size: () => ({ columns: 80, rows: 24 }) },
    { nonce: 'n', failedImages: new Set() },
  );
  const changeAccount = () => {
    account++;
    inventory.reset();
  };
  return { session, asked, changeAccount };
}

describe('a terminal that connects while the account changes', () => {
  for (const [state, question] of [
    ['Running', 'exec'],
    ['Terminated', 'get'],
  ] as const) {
    it(
      `asks the next one for ${question}, and says what that one is told`,
      { timeout: 120_000 },
      async () => {
        const { session, asked, changeAccount } = sessionOf(state);
        const run = session.run(Promise.resolve());
        while (!asked.includes(`${question} 0`)) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        changeAccount();
        const text = await run;
        assert.ok(asked.includes(`${question} 1`), asked.join());
        assert.match(
          text ?? '',
          state === 'Running' ? /the next account may not see/ : /is not running: Terminated/,
        );
      },
    );
  }
});
