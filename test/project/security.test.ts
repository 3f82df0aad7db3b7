import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

it('each threat in SECURITY.md names the tests that show what stops it', () => {
  const [, threats = ''] = readFileSync(path.join(root, 'SECURITY.md'), 'utf8').split('## Threats');
  const rows = threats.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:Who|---)/.test(line));
  assert.ok(rows.length > 10);
  for (const row of rows) {
    const files = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
    assert.ok(files.length > 0, row);
    for (const file of files) {
      assert.ok(existsSync(path.join(root, file)), file);
    }
  }
});
