import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { bundle } from '../../esbuild.mjs';
import { root } from '../support/project.ts';

const thrower = `
export type Unused = { readonly why: string };

export function open(what: string): void {
  throw new Error('cannot open ' + what);
}
open('it');
`;

it('a stack of the built extension is told by the lines of its source', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stack-'));
  try {
    mkdirSync(path.join(folder, 'src'));
    const entryPoint = path.join(folder, 'src/thrower.ts');
    writeFileSync(entryPoint, thrower);
    await bundle({ entryPoint, outdir: path.join(folder, 'dist') });
    const { stderr: stack } = spawnSync(process.execPath, ['dist/thrower.cjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.match(stack, /dist[\\/]thrower\.cjs:\d+:\d+/);
    const { stdout } = spawnSync(process.execPath, [path.join(root, 'stack.mjs')], {
      cwd: folder,
      encoding: 'utf8',
      input: stack,
    });
    assert.match(stdout, /src[\\/]thrower\.ts:5:9/); // the throw
    assert.match(stdout, /src[\\/]thrower\.ts:7:1/); // the call
    assert.doesNotMatch(stdout, /at .*thrower\.cjs/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
