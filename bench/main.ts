import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { bundle } from '../esbuild.mjs';
import { startEmulator, type Emulator } from '../test/emulator/emulator.ts';
import { firehoseText } from '../test/emulator/firehose.ts';
import { defaultScenario, readScenario } from '../test/emulator/scenario.ts';
import { azureSettings } from '../test/host/azureSettings.ts';
import { measureEngine } from './engine.ts';
import { measureFiles } from './files.ts';
import type { HostFigures, HostTask } from './host/index.ts';
import { measureLogs } from './logs.ts';
import { measurePackage } from './package.ts';
import { measurePorts } from './ports.ts';
import { measureAzureCli } from './peers/azureCli.ts';
import type { BareTarget } from './peers/bareClient.ts';
import { withFigures } from './readme.ts';
import { countRightResults } from './rightResults.ts';
import { sharesText, toRows, type Figures } from './rows.ts';
import { spreads } from './samples.ts';
import { sizes } from './sizes.ts';
import { missed, toMarkdown } from './table.ts';
import { buildUngated } from './ungated.ts';
import { measureWorkbench } from './workbench/floods.ts';

const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
const size = quick ? sizes.quick : sizes.full;
const root = path.resolve(import.meta.dirname, '..');
const cache = path.join(root, '.cache/bench');
const startedAt = performance.now();

/** Says on stderr what is being measured: the table alone is the output. */
function say(what: string): void {
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${what}`);
}

/** Copies of the built extension and of the empty one, one pair for each round and one to begin with. */
async function copyExtensions(dist: string) {
  const extensions: string[] = [];
  const empties: string[] = [];
  for (let round = 0; round <= size.activationRounds; round++) {
    const folder = path.join(cache, 'activation', String(round));
    await cp(dist, folder, { recursive: true });
    await cp(path.join(import.meta.dirname, 'peers/empty.cjs'), path.join(folder, 'empty/empty.cjs'));
    extensions.push(path.join(folder, 'extension.cjs'));
    empties.push(path.join(folder, 'empty/empty.cjs'));
  }
  return { extensions, empties };
}

/** Measures inside a VS Code extension host. */
async function inHost(emulator: Emulator, task: HostTask): Promise<HostFigures> {
  const { settings, env } = azureSettings(emulator);
  const files = {
    VSCODE_TEST_SETTINGS: path.join(cache, 'settings.json'),
    ACI_BENCH_TASK: path.join(cache, 'task.json'),
    ACI_BENCH_FIGURES: path.join(cache, 'figures.json'),
  };
  await writeFile(files.VSCODE_TEST_SETTINGS, JSON.stringify(settings));
  await writeFile(files.ACI_BENCH_TASK, JSON.stringify(task));
  // What VS Code prints is only of interest when it fails, and then it is part of the error.
  await promisify(execFile)(
    path.join(root, 'test/host/launcher.ts'),
    [`--extensionDevelopmentPath=${root}`, `--extensionTestsPath=${path.join(cache, 'host/index.cjs')}`],
    { env: { ...process.env, ...env, ...files }, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(await readFile(files.ACI_BENCH_FIGURES, 'utf8')) as HostFigures; // written by host/index.ts
}

function bareTarget({ endpoint, credentials }: Emulator): BareTarget {
  const groupId =
    '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web';
  return { endpoint, token: credentials.bearerToken, groupId, container: 'shop-web' };
}

/** What happens first in a VS Code session, in so many of them; the activation is that of the first. */
async function measureStarts(emulator: Emulator): Promise<Pick<Figures, 'activation' | 'firstExec'>> {
  const activation = await copyExtensions(path.join(cache, 'product'));
  const bare = bareTarget(emulator);
  const starts: HostFigures[] = [];
  while (starts.length < size.starts) {
    starts.push(await inHost(emulator, { part: 'start', activation, bare }));
  }
  return {
    activation: measured(starts[0]?.activation),
    firstExec: starts.map(({ firstExecMs }) => measured(firstExecMs)),
  };
}

/** What an extension host was told to measure. */
function measured<T>(figures: T | undefined): T {
  if (figures === undefined) {
    throw new Error('the extension host has not measured what it was told to');
  }
  return figures;
}

/** How long the scenario of a service far away takes. */
function farDelays() {
  const { getDelayMs = 0, execDelayMs = 0, socketDelayMs = 0 } = readScenario('far').timings ?? {};
  return { getDelayMs, execDelayMs, socketDelayMs };
}

async function measure(): Promise<Figures & { readonly versions: NodeJS.ProcessVersions }> {
  await rm(cache, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  say('building and packing');
  const metafile = await bundle({
    entryPoint: path.join(root, 'src/extension.ts'),
    outdir: path.join(cache, 'product'),
  });
  const packed = await measurePackage(root, path.join(cache, 'extension.vsix'), metafile);
  const ungated = await buildUngated(root, path.join(cache, 'ungated'));
  await bundle({
    entryPoint: path.join(import.meta.dirname, 'host/index.ts'),
    outdir: path.join(cache, 'host'),
  });

  // How long Azure itself takes is no client's figure, so the simulated service answers at once.
  const emulator = await startEmulator({
    scenario: { ...readScenario(defaultScenario), timings: { execDelayMs: 0 } },
  });
  const world = { subscriptions: [], generate: size.inventory };
  const large = await startEmulator({ scenario: world });
  try {
    say('activation and the first Exec in the extension host');
    const starts = await measureStarts(emulator);
    say('exec sessions in the extension host');
    const floodUnits = firehoseText(size.exec.floodBytes).toString().length;
    const { exec, versions } = await inHost(emulator, {
      part: 'exec',
      exec: {
        ...size.exec,
        floodUnits,
        far: farDelays(),
        bare: bareTarget(emulator),
        bareProcess: path.join(import.meta.dirname, 'peers/bareProcess.ts'),
      },
    });
    say('az container exec');
    const azureCli = await measureAzureCli(emulator, {
      resourceGroup: 'rg-shop',
      group: 'shop-web',
      ...size.azureCli,
    });
    say('the engine of remote shells');
    const engine = await measureEngine(emulator, farDelays(), {
      bare: bareTarget(emulator),
      ...size.engine,
    });
    say('random commands');
    const rightResults = await countRightResults(size.engine.propertyCases);
    say('forwarded ports');
    const ports = await measurePorts(emulator, farDelays(), { bare: bareTarget(emulator), ...size.ports });
    say('files');
    const files = await measureFiles(emulator, farDelays(), { bare: bareTarget(emulator), ...size.files });
    say('the inventory');
    const { inventory } = await inHost(large, {
      part: 'inventory',
      inventory: { bare: bareTarget(large), ...size.inventory },
    });
    say('logs');
    const logs = await measureLogs(size.logs.followedMs);
    say('floods in the workbench');
    const workbench = await measureWorkbench(emulator, { extension: root, ungated, ...size.workbench });
    return {
      versions,
      size,
      floodUnits,
      farDelays: farDelays(),
      package: packed,
      ...starts,
      exec: measured(exec),
      azureCli,
      engine,
      rightResults,
      ports,
      files,
      workbench,
      inventory: measured(inventory),
      logs,
    };
  } finally {
    await Promise.all([emulator.close(), large.close()]);
  }
}

/** Writes a text as Prettier formats it. */
async function writeFormatted(file: string, text: string): Promise<void> {
  const options = await resolveConfig(file);
  await writeFile(file, await format(text, { ...options, filepath: file }));
}

const { versions, ...figures } = await measure();
const rows = toRows(figures);
const date = new Date().toISOString();
const [cpu] = os.cpus();
const machine = {
  system: `${os.type()} ${os.release()} ${os.arch()}`,
  processor: `${os.cpus().length} × ${cpu?.model ?? 'unknown'}`,
  memoryGB: Math.round(os.totalmem() / 1e9),
};
const { node, v8 } = versions;
const summary = { date, quick, machine, versions: { node, v8 }, rows, samples: spreads(figures) };
const file = path.join(import.meta.dirname, 'results', quick ? 'quick.json' : 'full.json');
await mkdir(path.dirname(file), { recursive: true });
await writeFormatted(file, JSON.stringify(summary));
if (!quick) {
  const readme = path.join(root, 'README.md');
  const run = `of ${date.slice(0, 10)} on ${machine.processor}, Node ${node}`;
  await writeFormatted(readme, withFigures(await readFile(readme, 'utf8'), rows, run));
  const all = `# All figures\n\nThe latest run, ${run}:\n\n${toMarkdown(rows, quick)}\n`;
  await writeFormatted(path.join(path.dirname(file), 'figures.md'), all);
}
console.log(`${toMarkdown(rows, quick)}\n\n${sharesText(figures.package)}`);
console.log(`\n${date}, ${machine.processor}, Node ${node}; summary: ${path.relative(root, file)}`);
const failures = missed(rows, quick);
for (const { id, metric, ours, goal } of failures) {
  console.error(`Missed: ${id} ${metric}: ${ours}, not ${goal ?? ''}`);
}
process.exitCode = failures.length === 0 ? 0 : 1;
