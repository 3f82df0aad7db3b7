import { build, transform } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const outdir = path.resolve('dist');

// esbuild splits chunks at `await import()` for ES modules only, and VS Code's proxy support needs CommonJS:
// so split first, then turn each chunk into CommonJS.
const { outputFiles } = await build({
  entryPoints: { extension: 'src/extension.ts' },
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // The ES module builds of the Azure SDK tree-shake; `main` comes last.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  write: false,
  logLevel: 'warning',
});

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
for (const file of outputFiles) {
  const { code } = await transform(file.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    minify: true,
    supported: { 'dynamic-import': false },
  });
  // A part of the SDK takes up to 30 ms to load: in a turn of the event loop of its own.
  const load = /Promise\.resolve\(\)(\.then\(\(\)=>\w+\(require\("\.\/)/g;
  await writeFile(file.path, code.replace(load, 'new Promise(setImmediate)$1'));
}
