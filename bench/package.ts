import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';

export interface PackageFigures {
  readonly vsixBytes: number;
  /** The minified bytes of each package in the bundle; the extension's own are `src`. */
  readonly shares: Readonly<Record<string, number>>;
  /** The packages in each file of the bundle. */
  readonly packagesOf: Readonly<Record<string, readonly string[]>>;
}

/** Packs the extension and tells what it is made of. */
export async function measurePackage(
  root: string,
  vsix: string,
  metafile: Metafile,
): Promise<PackageFigures> {
  await promisify(execFile)('vsce', ['package', '--no-dependencies', '--out', vsix], { cwd: root });
  const shares: Record<string, number> = {};
  const packagesOf: Record<string, readonly string[]> = {};
  for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
    const packages = new Set<string>();
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
      shares[name ?? 'src'] = (shares[name ?? 'src'] ?? 0) + bytesInOutput;
      if (name !== undefined && bytesInOutput > 0) {
        packages.add(name);
      }
    }
    packagesOf[path.basename(file)] = [...packages];
  }
  return { vsixBytes: (await stat(vsix)).size, shares, packagesOf };
}
