import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { download } from '../../src/files/download.ts';
import { RemoteFiles } from '../../src/files/remoteFiles.ts';
import { paddingOf, tarEnd, tarHeader, type TarEntry } from '../../src/files/tar.ts';
import { upload } from '../../src/files/upload.ts';
import type { Random } from '../emulator/random.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { FarEnd, type Io } from './farEnd.ts';
import { inFastTime } from './fastTime.ts';
import { kindOf } from './guard.ts';
import { damaged, hostileTexts, pick, randomBytes } from './mutations.ts';

const names = [
  'a',
  'b c',
  '.',
  '..',
  'ü\n',
  '\xff',
  ...hostileTexts.map((text) => text.replaceAll('/', '').replaceAll('\0', '').slice(0, 200)),
];

/** One folder of the container, with one file of interest, as far as the scripts of the core look at it. */
class RemoteFolder {
  readonly content: Buffer;
  readonly archive: Buffer;
  /** What has been written under the file's own name. */
  written: Buffer | undefined;
  private temporary: Buffer | undefined;
  private readonly tools: string;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    this.content = randomBytes(random, random.below(pick(random, [1, 500, 100_000])));
    this.archive = archiveOf(random);
    this.tools = ['stat', 'head', 'tail', 'dd', 'tar', 'readlink']
      .filter(() => random.below(8) > 0)
      .join(' ');
  }

  async run(source: string, io: Io, far: FarEnd): Promise<{ text: string | Buffer; code: number }> {
    if (source.includes('command -v $t')) {
      return { text: far.said(`${this.tools} `), code: 0 };
    }
    const [, length] = /head -c (\d+) <&8/.exec(source) ?? [];
    if (length !== undefined) {
      io.askForInput();
      return this.write(source, await io.take(Number(length)), far);
    }
    if (source.includes("printf 'x%s '")) {
      const data = source.includes('cd -- "$p"') ? this.records() : this.slice(source);
      io.raw(far.isTrouble(8) ? damaged(this.random, data) : data);
      const code = far.isTrouble(10) ? this.random.below(256) : 0;
      return { text: far.said(`x${code} ${far.sumOf(data)}`), code: 0 };
    }
    return this.answer(source, far);
  }

  private answer(source: string, far: FarEnd): { text: string | Buffer; code: number } {
    const isFailure = far.isTrouble(10);
    if (isFailure) {
      const reason = pick(this.random, [
        'No such file or directory',
        'Permission denied',
        '',
        ...hostileTexts,
      ]);
      return { text: `sh: ${reason}`, code: pick(this.random, [1, 2, 126, 127, 130, 255]) };
    }
    if (source.includes('umask 077') && source.includes('%s/%s.')) {
      this.temporary = Buffer.alloc(0);
      return { text: far.said('/data///data/file.'), code: 0 };
    }
    if (source.includes('mv -f -- "$t" "$p"')) {
      const [, expected] = /!= ([0-9a-f]+) \]/.exec(source) ?? [];
      if (this.temporary !== undefined) {
        if (expected !== undefined && far.sumOf(this.temporary).split(' ', 1)[0] !== expected) {
          return { text: ': damaged', code: 1 };
        }
        this.written = this.temporary;
        this.temporary = undefined;
      }
      return { text: '', code: 0 };
    }
    if (source.includes('|cksum')) {
      return { text: far.said(far.sumOf(this.slice(source))), code: 0 };
    }
    if (source.includes('stat -c') || source.includes('ls -dlnL')) {
      const isFolder = source.includes("'/data/folder'");
      const size = isFolder ? 4_096 : this.content.length;
      const mode = isFolder ? '41ed' : '81a4';
      const text = source.includes('ls -dlnL')
        ? `.//=${isFolder ? 'd' : 'f'} ${size} Jan 1 2026`
        : `.//${mode} ${size} 1767225600 2026-01-01 00:00:00.000000000 +0000`;
      return { text: far.said(text), code: 0 };
    }
    return { text: far.said(''), code: 0 };
  }

  private write(source: string, data: Buffer, far: FarEnd): { text: string; code: number } {
    const offset = Number(/seek=(\d+)/.exec(source)?.[1] ?? 0);
    this.temporary = Buffer.concat([(this.temporary ?? Buffer.alloc(0)).subarray(0, offset), data]);
    return { text: far.said(far.sumOf(this.temporary.subarray(offset))), code: 0 };
  }

  /** What is asked for of the file, of the temporary one, or of the archive. */
  private slice(source: string): Buffer {
    const whole = source.includes('tar -cf')
      ? this.archive
      : source.includes('"$t"')
        ? (this.temporary ?? Buffer.alloc(0))
        : this.content;
    const from = Number(/tail -c \+(\d+)/.exec(source)?.[1] ?? 1) - 1;
    return whole.subarray(from, from + Number(/head -c (\d+)/.exec(source)?.[1] ?? whole.length));
  }

  private records(): Buffer {
    const count = this.random.below(40);
    const record = () =>
      `./${pick(this.random, ['a', ...names])}/81a4 ${this.random.below(1_000)} 1767225600 2026-01-01 00:00:00.000000000 +0000\n`;
    return Buffer.from(Array.from({ length: count }, record).join(''));
  }
}

/** An archive with anything in it, and often not even that. */
function archiveOf(random: Random): Buffer {
  const parts = Array.from({ length: random.below(12) }, () => {
    const body = randomBytes(random, random.below(2_000));
    const type = pick<TarEntry['type']>(random, ['file', 'file', 'folder', 'link', 'hardLink']);
    const size = type === 'file' ? body.length : 0;
    const place = pick(random, [
      'folder/a',
      'folder/b/c',
      'folder',
      '../x',
      '/etc/x',
      'folder/../../x',
      `folder/${pick(random, ['a', ...names])}`,
    ]);
    const target = pick(random, ['a', '../..', '/etc/passwd', 'folder/a']);
    const header = tarHeader({
      type,
      path: place,
      mode: random.below(0o10_000),
      mtimeMs: random.below(2 ** 31) * 1_000,
      size,
      target,
    });
    if (random.below(4) === 0) {
      forge(random, header);
    }
    return Buffer.concat([header, body.subarray(0, size), Buffer.alloc(paddingOf(size))]);
  });
  const archive = Buffer.concat([...parts, tarEnd]);
  return random.below(3) === 0 ? damaged(random, archive) : archive;
}

/** Changes a number in a header, whose checksum is right again. */
function forge(random: Random, header: Buffer): void {
  const block = header.subarray(-512);
  const [at, length] = pick<readonly [number, number]>(random, [
    [100, 8],
    [124, 12],
    [136, 12],
  ]);
  randomBytes(random, length).copy(block, at);
  block.write('        ', 148);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
    'latin1',
  );
}

const kinds = ['read', 'list', 'stat', 'write', 'download', 'downloadFolder', 'upload'] as const;

/** Files of a hostile container: what comes whole is right, nothing is left behind, and nothing is written elsewhere. */
export const files: FuzzCase = ({ random, server, count }) =>
  inFastTime(async () => {
    const folder = new RemoteFolder(random);
    const far: FarEnd = new FarEnd(random, server, (source, io) => folder.run(source, io, far));
    const engine = far.engine();
    const here = await mkdtemp(path.join(os.tmpdir(), 'fuzz-'));
    const kind = pick(random, kinds);
    const cancelled = new AbortController();
    try {
      const { signal } = cancelled;
      const work = act(kind, new RemoteFiles(engine), folder, here, far, signal).then(
        () => count(`${kind} of ${far.fault}`),
        async (error: unknown) => {
          if (error instanceof assert.AssertionError) {
            throw error;
          }
          count(kindOf(error));
          assert.deepEqual(await readdir(path.join(here)), kind === 'upload' ? ['source'] : []);
        },
      );
      await inTime(Promise.race([work, delay(random.below(1_500), undefined, { ref: false })]));
      cancelled.abort();
      await inTime(work);
    } finally {
      engine.dispose();
      far.close();
      await rm(here, { recursive: true });
    }
  });

async function act(
  kind: (typeof kinds)[number],
  remote: RemoteFiles,
  folder: RemoteFolder,
  here: string,
  far: FarEnd,
  signal: AbortSignal,
): Promise<void> {
  // Without a tool for checksums, what is changed twice in the same way is taken for right.
  const isTrue = far.fault === 'none' || (far.fault === 'way' && far.tool !== undefined);
  const target = path.join(here, 'target');
  switch (kind) {
    case 'read': {
      const data = await remote.read('/data/file', 10_000_000, signal);
      assert.ok(!isTrue || data.equals(folder.content), 'another content');
      return;
    }
    case 'list':
      for (const { name, size, mtimeMs } of await remote.list('/data', signal)) {
        assert.ok(
          !name.includes('/') &&
            !['', '.', '..'].includes(name) &&
            Number.isFinite(size) &&
            Number.isFinite(mtimeMs),
        );
      }
      return;
    case 'stat': {
      const { size } = await remote.stat('/data/file', signal);
      assert.ok(!isTrue || size === folder.content.length);
      return;
    }
    case 'write':
      await remote.write('/data/file', folder.content, { create: true, overwrite: true }, signal);
      assert.ok(!isTrue || folder.written?.equals(folder.content), 'another content');
      return;
    case 'download':
      await download(remote, '/data/file', target, { signal });
      assert.deepEqual(await readdir(here), ['target']);
      assert.ok(!isTrue || (await readFile(target)).equals(folder.content), 'another content');
      return;
    case 'downloadFolder':
      await download(remote, '/data/folder', target, { signal });
      assert.deepEqual(await readdir(here), ['target']);
      return;
    case 'upload': {
      const source = path.join(here, 'source');
      await writeFile(source, folder.content);
      await upload(remote, source, '/data/file', { signal });
      assert.ok(!isTrue || folder.written?.equals(folder.content), 'another content');
    }
  }
}
