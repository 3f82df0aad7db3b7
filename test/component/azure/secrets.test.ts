import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { toAzureError } from '../../../src/azure/errors.ts';
import { maskSecrets } from '../../../src/azure/masking.ts';
import { Log } from '../../../src/ui/log.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { secretMark, secretsScenario } from '../../support/secretsScenario.ts';
import { clientOf, trust } from './operations.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator({ scenario: secretsScenario });
  trust(emulator);
});
after(() => emulator.close());

it('no secret of a container group reaches the log at any level, an error, or what is read of the group', async () => {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  const log = new Log({ trace: write, debug: write, info: write, warn: write, error: write });
  const { containerGroups, metrics } = clientOf(emulator, { onRequest: (trace) => log.request(trace) });
  const { signal } = new AbortController();
  const [subscription] = secretsScenario.subscriptions;
  const [listed] = await containerGroups.list(subscription?.subscriptionId ?? '', signal);
  const id = listed?.id ?? '';
  const raw = await containerGroups.getRaw(id, signal);
  assert.ok(JSON.stringify(raw).includes(secretMark));
  const group = await containerGroups.get(id, signal);
  const usage = await metrics.lastHour(id, signal);

  // Answers that cannot be read, with the secrets in them.
  const broken = [
    JSON.stringify({ properties: raw }),
    JSON.stringify(raw).slice(0, -1),
    JSON.stringify([raw]),
    JSON.stringify({
      properties: { containers: [{ properties: { instanceView: secretMark } }], volumes: secretMark },
    }),
  ];
  const errors: unknown[] = [];
  for (const body of broken) {
    for (const call of [() => containerGroups.getRaw(id, signal), () => containerGroups.get(id, signal)]) {
      emulator.clearFaults();
      emulator.addFault({ operation: 'get', kind: 'body', body, times: 'always' });
      await call().catch((error: unknown) => {
        errors.push(toAzureError(error).problem, String(error));
        log.error('viewProperties', error);
      });
    }
  }
  assert.ok(
    errors.length > 0 && lines.some((line) => line.includes('/providers/Microsoft.Insights/metrics 200')),
  );
  for (const text of [...lines, JSON.stringify([group, usage, maskSecrets(raw), errors])]) {
    assert.ok(!text.includes(secretMark), text);
  }
});
