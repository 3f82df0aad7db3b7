import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { printfFormat, Uplink, type UplinkOptions } from '../../../src/ports/uplink.ts';
import { checksumOf } from '../../../src/exec/remoteShell/checksum.ts';
import { Random } from '../../emulator/random.ts';

/** What a relay does with frames, see `relaySource.ts`; some of what comes is lost or changed. */
class FakeRelay {
  readonly received: Buffer[] = [];
  hasEnded = false;
  /** What is written, in pieces that have not arrived yet. */
  readonly wire: string[] = [];
  private readonly random: Random;
  private readonly oneIn: number;
  private next = 1;
  private first = '';
  private sum = '';

  constructor(seed: number, oneIn: number) {
    this.random = new Random(seed);
    this.oneIn = oneIn;
  }

  /** Takes all that is on the wire and reports as it does. */
  work(report: (next: number, checksum: string, isRefusal: boolean) => void): void {
    for (let text = this.wire.shift(); text !== undefined; text = this.wire.shift()) {
      const lines = this.noise(text).split('\n');
      for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
        if (line.startsWith('atoken:')) {
          this.first = line;
        } else if (line.startsWith('btoken:')) {
          const isRight = line.slice(1) === this.first.slice(1);
          if (isRight) {
            this.take(line, lines);
          }
          report(this.next, this.sum, !isRight);
        }
      }
    }
  }

  private take(line: string, rest: string[]): void {
    const [, number, work = ''] = /^btoken:(\d+):(.*)$/.exec(line) ?? [];
    if (Number(number) !== this.next) {
      return;
    }
    this.next++;
    this.sum = '';
    if (work.startsWith('b')) {
      const data = Buffer.from(rest.shift() ?? '', 'base64');
      const sum = checksumOf('cksum');
      sum.update(data);
      this.sum = sum.digest();
      this.received.push(data);
    } else if (work.startsWith('d')) {
      this.received.push(fromFormat(work.slice(1)));
    } else {
      this.hasEnded = true;
    }
  }

  private noise(text: string): string {
    if (this.oneIn === 0 || this.random.below(this.oneIn) > 0) {
      return text;
    }
    const at = this.random.below(text.length);
    return this.random.below(2) === 0
      ? text.slice(0, at) + text.slice(at + 1)
      : `${text.slice(0, at)}~${text.slice(at + 1)}`;
  }
}

function fromFormat(format: string): Buffer {
  const text = format.replace(/\\(\d{3})|%%/g, (_, octal: string | undefined) =>
    octal === undefined ? '%' : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(text, 'latin1');
}

function randomBytes(random: Random, size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => random.below(256)));
}

describe('Uplink', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  function start(relay: FakeRelay, options: Partial<UplinkOptions> = {}) {
    const calls = { room: 0, damage: 0 };
    const uplink = new Uplink({
      token: 'token',
      takesBlocks: true,
      checksumTool: 'cksum',
      write: (lines) => relay.wire.push(`${lines}\n`),
      onRoom: () => calls.room++,
      onDamage: () => calls.damage++,
      ...options,
    });
    const work = () => relay.work((next, checksum, isRefusal) => uplink.report(next, checksum, isRefusal));
    return { uplink, work, calls };
  }

  for (const takesBlocks of [false, true]) {
    it(`delivers all in order, with lines that are lost or changed; blocks: ${takesBlocks}`, () => {
      let whole = 0;
      for (let seed = 0; seed < 24; seed++) {
        const random = new Random(seed);
        const relay = new FakeRelay(seed, 4);
        const { uplink, work, calls } = start(relay, { takesBlocks });
        const sent = Array.from({ length: 6 }, () => randomBytes(random, 1 + random.below(20_000)));
        uplink.started();
        for (const piece of sent) {
          uplink.write(piece);
          work();
        }
        uplink.end();
        for (let tries = 0; tries < 100 && !relay.hasEnded && calls.damage === 0; tries++) {
          work();
          mock.timers.tick(100_000_000);
        }
        if (calls.damage === 0) {
          assert.ok(relay.hasEnded, `seed ${seed}`);
          assert.ok(Buffer.concat(relay.received).equals(Buffer.concat(sent)), `seed ${seed}`);
          whole++;
        }
        uplink.dispose();
      }
      assert.ok(whole > (takesBlocks ? 4 : 23), `${whole} of 24`);
    });
  }

  it('has room until a quarter of a megabyte waits, and tells when there is again', () => {
    const relay = new FakeRelay(1, 0);
    const { uplink, work, calls } = start(relay, { takesBlocks: false });
    uplink.started();
    assert.ok(uplink.write(Buffer.alloc(200_000)));
    assert.ok(!uplink.write(Buffer.alloc(200_000)));
    assert.equal(calls.room, 0);
    work();
    assert.equal(calls.room, 1);
    assert.equal(Buffer.concat(relay.received).length, 400_000);
    uplink.dispose();
  });

  it('sends no block before the relay reads, and nothing behind one', () => {
    const relay = new FakeRelay(1, 0);
    const { uplink } = start(relay);
    uplink.write(Buffer.alloc(100_000));
    uplink.write(Buffer.alloc(10));
    uplink.end();
    assert.equal(relay.wire.length, 0);
    uplink.started();
    assert.equal(relay.wire.length, 1);
    uplink.dispose();
  });

  for (const when of [1, 2]) {
    it(`what ends it as it writes the ${when === 1 ? 'first' : 'same'} frame ${when === 1 ? '' : 'again '}leaves nothing behind`, () => {
      let writes = 0;
      const options = { token: 'token', takesBlocks: false, checksumTool: undefined } as const;
      const ignore = () => undefined;
      const uplink: Uplink = new Uplink({
        ...options,
        ...{ onRoom: ignore, onDamage: ignore },
        write: () => {
          if (++writes === when) {
            uplink.dispose();
          }
        },
      });
      uplink.started();
      uplink.write(Buffer.from('x'));
      mock.timers.tick(2_000);
      assert.equal(writes, when);
      const timers = mock.method(globalThis, 'setTimeout');
      mock.timers.tick(10_000_000);
      assert.equal(timers.mock.callCount(), 0);
      assert.equal(writes, when);
      timers.mock.restore();
    });
  }
});

describe('printfFormat', () => {
  it('makes any byte again in sh, and no option', () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    for (const data of [all, Buffer.from('-n'), Buffer.from('%s%%\\n')]) {
      const printed = execFileSync('sh', ['-c', 'read -r l;printf "${l#d}"'], {
        input: `d${printfFormat(data)}\n`,
      });
      assert.deepEqual(printed, data);
    }
  });
});
