import { build, context, transform } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** The names of VS Code's API that the extension uses; where one is missing here, the build says so. */
const vscodeNames = [
  'authentication',
  'CancellationTokenSource',
  'CodeLens',
  'commands',
  'ConfigurationTarget',
  'CustomExecution',
  'Disposable',
  'DocumentLink',
  'env',
  'EventEmitter',
  'ExtensionKind',
  'FileChangeType',
  'FileSystemError',
  'FileType',
  'l10n',
  'languages',
  'MarkdownString',
  'ProgressLocation',
  'Range',
  'Selection',
  'Task',
  'tasks',
  'TaskScope',
  'TerminalLocation',
  'TerminalProfile',
  'ThemeColor',
  'ThemeIcon',
  'TreeItem',
  'TreeItemCollapsibleState',
  'Uri',
  'version',
  'window',
  'workspace',
];

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
    builder.onLoad({ filter: /^vscode$/, namespace: 'vscode-api' }, () => ({
      contents: `export const { ${vscodeNames.join(', ')} } = require('vscode');`,
    }));
  },
};

/**
 * What `jsonwebtoken` asks the Node version for, with all of `semver`: any Node that VS Code has had for years has it.
 * @type {import('esbuild').Plugin}
 */
const knownNodeFeatures = {
  name: 'known-node-features',
  setup(builder) {
    const filter =
      /jsonwebtoken[\\/]lib[\\/](asymmetricKeyDetailsSupported|rsaPssKeyDetailsSupported|psSupported)\.js$/;
    builder.onLoad({ filter }, () => ({ contents: 'module.exports = true;' }));
  },
};

/**
 * What the extension has no use for: the browser of a sign-in by which `@azure/identity` never signs in here, the server
 * half of `ws`, all but the signing of `jsonwebtoken`, the SDK's way to follow operations, for which there is
 * `longRunning.ts`, and the log that proxy agents write where DEBUG says so.
 * @type {import('esbuild').Plugin}
 */
const unused = {
  name: 'unused',
  setup(builder) {
    const nothing = { path: 'unused', namespace: 'unused' };
    builder.onResolve(
      { filter: /^(open|debug|@azure\/core-lro|\.\/lib\/websocket-server\.js)$/ },
      () => nothing,
    );
    builder.onResolve({ filter: /^\.\/(verify|decode)$/ }, ({ importer }) =>
      /jsonwebtoken[\\/]index\.js$/.test(importer) ? nothing : undefined,
    );
    builder.onLoad({ filter: /^unused$/, namespace: 'unused' }, () => ({
      contents: 'module.exports = () => () => undefined;', // `debug` makes functions that log
    }));
  },
};

/**
 * Writes each chunk as CommonJS, with its source map beside it. esbuild splits chunks at `await import()` for ES modules
 * only, and VS Code's proxy support needs CommonJS.
 * @type {import('esbuild').Plugin}
 */
const writeCommonJs = {
  name: 'write-common-js',
  setup(builder) {
    const { outdir = 'dist' } = builder.initialOptions;
    builder.onEnd(async ({ outputFiles = [], errors }) => {
      if (errors.length > 0) {
        return;
      }
      await rm(outdir, { recursive: true, force: true });
      await mkdir(outdir, { recursive: true });
      for (const file of outputFiles) {
        const { code, map } = await transform(file.text, {
          sourcefile: file.path,
          format: 'cjs',
          platform: 'node',
          target: 'node22',
          minify: true,
          supported: { 'dynamic-import': false },
          sourcemap: 'external',
        });
        // The debugger looks for the map where this line says.
        await writeFile(file.path, `${code}//# sourceMappingURL=${path.basename(file.path)}.map\n`);
        await writeFile(`${file.path}.map`, map);
      }
    });
  },
};

/**
 * How an entry point is bundled for the extension host, with what `await import()` loads in files of their own.
 * @param {{ entryPoint: string, outdir: string, plugins?: import('esbuild').Plugin[] }} options
 */
function buildOptions({ entryPoint, outdir, plugins = [] }) {
  return /** @satisfies {import('esbuild').BuildOptions} */ ({
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
    sourcemap: 'inline',
    metafile: true,
    plugins: [vscodeApi, knownNodeFeatures, unused, ...plugins, writeCommonJs],
    write: false,
    logLevel: 'warning',
    logOverride: { 'import-is-undefined': 'error' },
  });
}

/**
 * Bundles an entry point; resolves to what is in which file.
 * @param {Parameters<typeof buildOptions>[0]} options
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundle(options) {
  const { metafile } = await build(buildOptions(options));
  return metafile;
}

/** The extension itself. */
export const extension = { entryPoint: 'src/extension.ts', outdir: path.resolve('dist') };

/** Builds again whenever a source has changed, and says so on a line for each build. */
async function watch() {
  /** @type {import('esbuild').Plugin} */
  const report = {
    name: 'report',
    setup(builder) {
      builder.onStart(() => console.log('building'));
      builder.onEnd(({ errors }) => {
        for (const { text, location } of errors) {
          console.log(
            `${location?.file ?? 'esbuild'}:${location?.line ?? 1}:${location?.column ?? 0}: error: ${text}`,
          );
        }
        console.log(errors.length === 0 ? 'built' : `${errors.length} errors`);
      });
    },
  };
  const options = buildOptions({ ...extension, plugins: [] });
  const watched = await context({
    ...options,
    plugins: [...options.plugins, report],
    logLevel: 'silent',
  });
  await watched.watch();
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { watch: { type: 'boolean', default: false } } });
  await (values.watch ? watch() : bundle(extension));
}
