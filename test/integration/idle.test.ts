import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { requests, reset } from '../support/control.ts';

describe('an installed extension whose view is closed', () => {
  it('loads no SDK and asks Azure for nothing', async () => {
    await reset();
    const extension = vscode.extensions.getExtension('aci-tools.container-instances');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    const loaded: string[] = [];
    const hooks = registerHooks({
      load(url, context, nextLoad) {
        loaded.push(url);
        return nextLoad(url, context);
      },
    });
    try {
      await extension.activate();
    } finally {
      hooks.deregister();
    }
    const dist = `${pathToFileURL(path.join(extension.extensionPath, 'dist')).href}/`;
    const own = loaded.filter((url) => url.startsWith(dist)).map((url) => url.slice(dist.length));
    // esbuild puts every SDK into a chunk of its own; the only other file is its few lines of module glue.
    assert.ok(own.includes('extension.cjs'), own.join(', '));
    for (const file of own) {
      const { size } = statSync(path.join(extension.extensionPath, 'dist', file));
      assert.ok(file === 'extension.cjs' || size < 5_000, `${file} was loaded: ${size} bytes`);
    }
    assert.deepEqual(await requests(), []);
  });
});
