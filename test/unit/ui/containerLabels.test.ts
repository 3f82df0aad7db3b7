import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from '../../support/fc.ts';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import '../../support/vscode.ts';

const { containerLabels } = await import('../../../src/ui/terminal/containerLabels.ts');

/** A container by its place: subscription, resource group, group and its own name. */
function target([subscription, resourceGroup, name, container]: readonly string[]) {
  const id = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
  const group = toContainerGroup({ containers: [{ name: container ?? '' }] }, id);
  const [only] = group.containers;
  assert.ok(only !== undefined);
  return { group, container: only };
}

const labels = (...places: readonly (readonly string[])[]) =>
  containerLabels(places.map(target)).map((label) => label.trimEnd());

it('containers are told apart by as little as does it', () => {
  assert.deepEqual(labels(['s', 'rg', 'shop', 'web'], ['s', 'rg', 'shop', 'db']), ['web', 'db']);
  assert.deepEqual(
    labels(['s', 'rg', 'shop', 'web'], ['s', 'rg', 'blog', 'web'], ['s', 'rg', 'blog', 'db']),
    ['web (shop)', 'web (blog)', 'db'],
  );
  assert.deepEqual(labels(['s', 'test', 'shop', 'web'], ['s', 'live', 'shop', 'web']), [
    'web (shop, test)',
    'web (shop, live)',
  ]);
  assert.deepEqual(labels(['s1', 'rg', 'shop', 'web'], ['s2', 'rg', 'shop', 'web']), [
    'web (shop, rg, s1)',
    'web (shop, rg, s2)',
  ]);
});

it('no two containers have one label, and all labels have one width', () => {
  const part = fc.constantFrom('a', 'b');
  const places = fc.uniqueArray(fc.tuple(part, part, part, part), {
    minLength: 1,
    selector: (place) => place.join(),
  });
  fc.assert(
    fc.property(places, (chosen) => {
      const shown = containerLabels(chosen.map(target));
      assert.equal(new Set(shown).size, chosen.length);
      assert.equal(new Set(shown.map(({ length }) => length)).size, 1);
    }),
  );
});
