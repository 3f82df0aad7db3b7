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
    assert.ok(own.includes('extension.cjs'), own.join(', '));
    const sizes = own.map((file) => statSync(path.join(extension.extensionPath, 'dist', file)).size);
    // The tree and what it needs: neither an SDK nor what works in containers would have room beside it.
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(bytes < 210_000, `${own.join(', ')}: ${bytes} bytes`);
    assert.deepEqual(
      own.filter((file) => file.startsWith('onFirst')),
      [],
    );
    assert.deepEqual(await requests(), []);
  });
});
