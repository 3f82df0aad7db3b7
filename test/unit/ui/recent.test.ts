import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memento } from '../../support/memento.ts';
import { Log } from '../../support/vscode.ts';

const { RecentCommandLines } = await import('../../../src/ui/state/recentCommandLines.ts');
const { RecentContainers } = await import('../../../src/ui/state/recentContainers.ts');

const ignore = () => undefined;
const log = new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore });

const id =
  '/subscriptions/s/resourceGroups/RG/providers/Microsoft.ContainerInstance/containerGroups/g/containers/c';
const other = id.replace(/c$/, 'other');

describe('what was used last in a container is known in whatever case its id comes', () => {
  it('its place in a picker', () => {
    const recent = new RecentContainers(memento(), log);
    recent.add(other);
    recent.add(id);
    recent.add(id.toLowerCase());
    const items = [other, id.toUpperCase()].map((each) => ({ id: each, label: each }));
    assert.deepEqual(
      recent.sort([...items, { id: 'new', label: 'A' }]).map((item) => item.id),
      [id.toUpperCase(), other, 'new'],
    );
  });

  it('its command lines', () => {
    const recent = new RecentCommandLines(memento(), 'recentCommands', log);
    recent.add(id, 'top');
    recent.add(id.toLowerCase(), 'ps');
    assert.deepEqual(
      [recent.of(id), recent.of(id.toUpperCase())],
      [
        ['ps', 'top'],
        ['ps', 'top'],
      ],
    );
    recent.forget(id.toUpperCase(), 'top');
    assert.deepEqual(recent.of(id), ['ps']);
    assert.deepEqual(recent.of(other), []);
  });
});
