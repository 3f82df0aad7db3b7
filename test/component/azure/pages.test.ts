import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { clientOf, operations, trust } from './operations.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

describe('a list whose pages repeat ends with a failure that says so', () => {
  for (const name of ['tenants', 'subscriptions', 'container groups'] as const) {
    it(name, async () => {
      const list = operations[name];
      assert.ok(list);
      const pages = ['a', 'b', 'c'];
      const next = (page: string) => `${emulator.endpoint}${list.path}&page=${page}`;
      for (let turn = 0; turn < 20; turn++) {
        const fields = { nextLink: next(pages[turn % pages.length] ?? '') };
        emulator.addFault({ operation: list.operation, kind: 'fields', fields });
      }
      await assert.rejects(
        list.call(clientOf(emulator)),
        (error) => error instanceof AzureError && error.problem.kind === 'endlessList',
      );
      assert.equal(emulator.requests.length, pages.length + 1);
    });
  }
});

it('an item on two pages, in two casings, is one', async () => {
  for (const name of ['tenants', 'subscriptions', 'container groups'] as const) {
    const list = operations[name];
    assert.ok(list);
    const client = clientOf(emulator);
    const before = await list.call(client);
    const upper = JSON.stringify(before).replace(/[0-9a-f]{8}-[-0-9a-f]*|rg-[a-z]*/g, (id) =>
      id.toUpperCase(),
    );
    const value: unknown = JSON.parse(upper);
    // The first page has the same items again, in other letters.
    emulator.addFault({
      operation: list.operation,
      kind: 'fields',
      fields: { value, nextLink: `${emulator.endpoint}${list.path}&page=2` },
    });
    const twice = await list.call(client);
    assert.ok(Array.isArray(before) && Array.isArray(twice));
    assert.equal(twice.length, before.length, name);
  }
});
