import type { Delays } from '../test/emulator/scenario.ts';
import { roundTripMs } from './engine.ts';
import type { FilesFigures } from './files.ts';
import type { FilesProcessFigures, FilesProcessOptions } from './filesProcess.ts';
import { megabytes, ms, perSecond, times } from './format.ts';
import { median } from './statistics.ts';
import type { Row } from './table.ts';

type Sizes = Omit<FilesProcessOptions, 'bare'>;

/** Files of a container beside a bare client, near and far. */
export function fileRows({
  files,
  farDelays,
  size,
}: {
  readonly files: FilesFigures;
  readonly farDelays: Delays;
  readonly size: { readonly files: Sizes };
}): readonly Row[] {
  const far = `${roundTripMs} ms a round trip, POST ${farDelays.execDelayMs} ms, socket ${farDelays.socketDelayMs} ms`;
  return [
    ...sideRows(files.near, '', 'service answers at once', size.files),
    ...sideRows(files.far, ', far away', far, size.files),
  ];
}

function sideRows(
  { down, up, stat, list, heldGrowth, longestBlockMs }: FilesProcessFigures,
  where: string,
  includes: string,
  { bytes, tarBytes, folderFiles }: Sizes,
): readonly Row[] {
  const of = `${megabytes(bytes)} of random bytes from disk to disk, with checksums, from the call to its end; the session is open; ${includes}`;
  const tar = `the same; archive and base64 through a terminal as it is, ${megabytes(tarBytes)}, first byte to last`;
  const held = Math.max(heldGrowth.down, heldGrowth.up);
  return [
    rateRow(`download${where}, against raw cat`, down.ours, down.cat, 0.8, of),
    rateRow(`download${where}, against tar | base64`, down.ours, down.tar, 1.2, tar),
    rateRow(`upload${where}, against raw bytes into head`, up.ours, up.raw, 0.6, of),
    rateRow(`upload${where}, against base64 -d | tar`, up.ours, up.tar, 1.2, tar),
    timeRow(
      `stat of a file${where}, against a bare line and its answer`,
      stat,
      `checked both ways; ${includes}`,
    ),
    timeRow(
      `a folder of ${folderFiles.toLocaleString('en')} with all that is known of each${where}, against a bare stat`,
      list,
      `one round trip, with checksum, parsed; ${includes}`,
    ),
    {
      id: '15',
      metric: `memory held by a transfer${where}`,
      ours: megabytes(held),
      goal: '≤ 16 MB',
      met: held <= 16e6,
      steady: true,
      includes: `at each tenth of ${megabytes(bytes)}, up and down; after a garbage collection`,
    },
    {
      id: '15',
      metric: `event loop blocked by all of that, at most${where}`,
      ours: ms(longestBlockMs),
      goal: '≤ 50 ms',
      met: longestBlockMs <= 50,
      includes: 'in plain Node',
    },
  ];
}

function rateRow(
  metric: string,
  ours: readonly number[],
  peer: readonly number[],
  goal: number,
  includes: string,
): Row {
  const [rate, peerRate] = [median(ours), median(peer)];
  return {
    id: '15',
    metric,
    ours: perSecond(rate),
    peer: perSecond(peerRate),
    ratio: times(rate / peerRate),
    goal: `≥ ${goal}×`,
    met: rate >= goal * peerRate,
    includes,
  };
}

function timeRow(
  metric: string,
  took: { readonly ours: readonly number[]; readonly bare: readonly number[] },
  includes: string,
): Row {
  const [ours, bare] = [median(took.ours), median(took.bare)];
  return {
    id: '15',
    metric,
    ours: ms(ours),
    peer: ms(bare),
    ratio: times(ours / bare),
    goal: '≤ 1.5×',
    met: ours <= 1.5 * bare,
    includes: `median of ${took.ours.length}; ${includes}`,
  };
}
