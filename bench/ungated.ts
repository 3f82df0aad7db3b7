import { cp } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from '../esbuild.mjs';

/** The module of the extension's flow control, and the peer without any. */
const flowControl = /\/flowControl\.ts$/;
const peer = path.join(import.meta.dirname, 'peers/ungatedOutput.ts');

/** Builds the extension without flow control into a folder, which it tells. */
export async function buildUngated(root: string, folder: string): Promise<string> {
  const { inputs } = await bundle({
    entryPoint: path.join(root, 'src/extension.ts'),
    outdir: path.join(folder, 'dist'),
    plugins: [
      {
        name: 'ungated-output',
        setup: (build) => build.onResolve({ filter: flowControl }, () => ({ path: peer })),
      },
    ],
  });
  if (!Object.keys(inputs).some((input) => path.resolve(input) === peer)) {
    throw new Error(`nothing of the extension is ${String(flowControl)}: the peer has flow control, too`);
  }
  for (const name of ['package.json', 'package.nls.json', 'media']) {
    await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  return folder;
}
