import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { isInitContainer } from '../../../src/azure/containerGroups.ts';
import { isSameId, parseContainerId, ResourceIdMap } from '../../../src/azure/resourceIds.ts';

const source = path.resolve(import.meta.dirname, '../../../src');

/** The same id in some other case. */
const inSomeCase = (id: string) =>
  fc
    .array(fc.boolean(), { minLength: id.length, maxLength: id.length })
    .map((upper) =>
      id.replace(/./g, (char, at: number) => (upper[at] === true ? char.toUpperCase() : char.toLowerCase())),
    );

const id =
  '/subscriptions/ab-1/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/web-1';

describe('resource ids', () => {
  it('name the same thing in whatever case they come', () => {
    fc.assert(
      fc.property(inSomeCase(id), inSomeCase(id), (one, other) => {
        assert.ok(isSameId(one, other));
        const map = new ResourceIdMap([[one, 1]]);
        map.set(other, 2);
        assert.equal(map.size, 1);
        assert.equal(map.get(one), 2);
        assert.ok(map.delete(one) && !map.has(other));
      }),
    );
    assert.ok(!isSameId(id, id.replace('web-1', 'web-2')));
  });

  for (const group of ['containers', 'initContainers', 'containerGroups']) {
    it(`name a container, whatever its resource group is called: ${group}`, () => {
      const groupId = id.replace('/rg/', `/${group}/`);
      assert.deepEqual(parseContainerId(groupId), { groupId, container: undefined, isInit: false });
      for (const [kind, isInit] of [
        ['containers', false],
        ['InitContainers', true],
      ] as const) {
        assert.deepEqual(parseContainerId(`${groupId}/${kind}/api`), { groupId, container: 'api', isInit });
        assert.equal(isInitContainer(`${groupId}/${kind}/api`), isInit);
      }
      assert.equal(parseContainerId(`${groupId}/containers/api/logs`), undefined);
    });
  }

  it('are compared in one place', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const lowering = files.filter((file) =>
      /\b(id|Id)\w*\??\.toLowerCase\(/i.test(readFileSync(path.join(source, file), 'utf8')),
    );
    assert.deepEqual(lowering, [path.join('azure', 'resourceIds.ts')]);
  });
});
