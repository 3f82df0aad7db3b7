import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { parseTaskDefinition, TaskProblem } from '../../support/vscode.ts';

const groupId =
  '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';
const command = 'npm test';

const problemOf = (definition: Readonly<Record<string, unknown>>) => {
  try {
    parseTaskDefinition(definition);
  } catch (error) {
    assert.ok(error instanceof TaskProblem, String(error));
    return error.message;
  }
  return undefined;
};

describe('parseTaskDefinition', () => {
  it('a container by its resource id, by names, or the only one of a group', () => {
    const byId = { kind: 'id', id: groupId };
    const byName = { kind: 'name', name: 'shop', resourceGroup: undefined };
    const wheres = [
      [{ container: `${groupId}/containers/web` }, { group: byId, container: 'web' }],
      [{ container: groupId }, { group: byId, container: undefined }],
      [
        { group: groupId, container: 'web' },
        { group: byId, container: 'web' },
      ],
      [
        { group: 'shop', container: 'web' },
        { group: byName, container: 'web' },
      ],
      [{ group: 'shop' }, { group: byName, container: undefined }],
      [
        { group: 'shop', resourceGroup: 'rg' },
        { group: { ...byName, resourceGroup: 'rg' }, container: undefined },
      ],
    ] as const;
    for (const [given, where] of wheres) {
      assert.deepEqual(parseTaskDefinition({ ...given, command }).where, where);
    }
  });

  it('the command, its folder and its variables as they are', () => {
    const env = { A: `it's "$B"\n`, _b1: '' };
    const work = parseTaskDefinition({ group: 'shop', command, cwd: '/a b', env });
    assert.deepEqual(work.command, { line: command, cwd: '/a b', env });
  });

  it('nothing else of it counts: it chooses no cloud, no account and no credential', () => {
    const known = { group: 'shop', container: 'web', command, cwd: '/', env: { A: 'b' } };
    const keys = fc.constantFrom(
      ...['cloud', 'environment', 'customEnvironment', 'endpoint', 'resourceManager', 'subscription'],
      ...['tenant', 'account', 'credential', 'token', 'shell', 'options'],
    );
    const more = fc.dictionary(fc.oneof(keys, fc.string()), fc.anything());
    fc.assert(
      fc.property(more, (others) => {
        const definition = { ...others, resourceGroup: 'rg', ...known };
        assert.deepEqual(
          parseTaskDefinition(definition),
          parseTaskDefinition({ resourceGroup: 'rg', ...known }),
        );
      }),
    );
  });

  it('what is of another type, too long, or holds NUL is refused with its name', () => {
    const long = 'x'.repeat(32 * 1024 + 1);
    for (const value of [1, null, {}, ['a'], long, 'a\0b']) {
      for (const key of ['command', 'container', 'group', 'resourceGroup', 'cwd']) {
        assert.match(problemOf({ group: 'shop', command, [key]: value }) ?? '', new RegExp(`"${key}"`));
      }
      assert.match(problemOf({ group: 'shop', command, env: { A: value } }) ?? '', /"env\.A"/);
    }
    const many = Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`V${index}`, '']));
    for (const env of [1, null, 'A=b', ['a'], { 'A;B': 'c' }, { '': 'c' }, { 'A\n': 'c' }, many]) {
      assert.match(problemOf({ group: 'shop', command, env }) ?? '', /"env"/);
    }
    assert.match(problemOf({ group: 'shop' }) ?? '', /"command"/);
    assert.match(problemOf({ group: 'shop', command: ' ' }) ?? '', /"command"/);
    assert.match(problemOf({ command }) ?? '', /in which container/);
    assert.match(problemOf({ command, container: 'web' }) ?? '', /in which container/);
  });

  it('anything at all is taken or refused in words', () => {
    const definition = fc.dictionary(
      fc.constantFrom('command', 'container', 'group', 'resourceGroup', 'cwd', 'env', '__proto__'),
      fc.anything(),
    );
    fc.assert(
      fc.property(definition, (given) => void problemOf(given)),
      { numRuns: 200 },
    );
  });
});
