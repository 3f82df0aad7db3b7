import { build, transform } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * Loads VS Code's API once: as an external package each file would load it and copy all its names, which takes longer
 * than everything else about loading the extension.
 * @type {import('esbuild').Plugin}
 */
const vscodeApi = {
  name: 'vscode-api',
  setup(builder) {
    builder.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'vscode-api'
        ? { path: 'vscode', external: true }
        : { path: 'vscode', namespace: 'vscode-api' },
    );
    builder.onLoad({ filter: /^vscode$/, namespace: 'vscode-api' }, async () => {
      const types = createRequire(import.meta.url).resolve('@types/vscode/index.d.ts');
      const declared = /^\texport (?:abstract )?(?:namespace|class|enum|const|let|function) (\w+)/gm;
      const names = new Set(
        Array.from((await readFile(types, 'utf8')).matchAll(declared), ([, name]) => name),
      );
      const lines = [...names].map((name) => `export const ${name} = api.${name};`);
      return { contents: `const api = require('vscode');\n${lines.join('\n')}` };
    });
  },
};

/**
 * Bundles an entry point for the extension host, with what `await import()` loads in files of their own, and tells
 * what is in which file.
 * @param {{ entryPoint: string, outdir: string, plugins?: import('esbuild').Plugin[] }} options
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundle({ entryPoint, outdir, plugins = [] }) {
  // esbuild splits chunks at `await import()` for ES modules only, and VS Code's proxy support needs CommonJS:
  // so split first, then turn each chunk into CommonJS.
  const { outputFiles, metafile } = await build({
    entryPoints: [entryPoint],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    // The ES module builds of the Azure SDK tree-shake; `main` comes last.
    mainFields: ['module', 'main'],
    legalComments: 'none',
    minify: true,
    metafile: true,
    plugins: [vscodeApi, ...plugins],
    write: false,
    logLevel: 'warning',
  });
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  let loads = 0;
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
    loads += code.match(load)?.length ?? 0;
    await writeFile(file.path, code.replace(load, 'new Promise(setImmediate)$1'));
  }
  if (loads === 0) {
    throw new Error('esbuild writes `await import()` in another way than before');
  }
  return metafile;
}

if (process.argv[1] === import.meta.filename) {
  await bundle({ entryPoint: 'src/extension.ts', outdir: path.resolve('dist') });
}
