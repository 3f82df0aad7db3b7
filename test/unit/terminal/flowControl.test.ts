import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import fc from '../../support/fc.ts';
import { FlowControl } from '../../../src/terminal/flowControl.ts';
import { Terminal, versions } from '../../support/terminal/terminal.ts';

const query = /\x1b\[\?(\d{8})\$p/g; // eslint-disable-line no-control-regex -- a query starts with ESC

/** A terminal that shows so many characters in a millisecond and answers queries as it comes to them. */
class SlowTerminal {
  shown = '';
  mostInFlight = 0;
  /** The most that it has shown without 50 ms in which there was nothing to show. */
  mostGathered = 0;
  private gathered = 0;
  private idleMs = 0;
  private rest = '';
  private readonly answer: (answer: string) => void;

  constructor(charactersPerMs: number, answer: (answer: string) => void) {
    this.answer = answer;
    setInterval(() => this.show(charactersPerMs * 10), 10);
  }

  get inFlight(): number {
    return this.rest.length;
  }

  write(text: string): void {
    this.rest += text;
    this.mostInFlight = Math.max(this.mostInFlight, this.rest.length);
  }

  private show(length: number): void {
    const text = this.rest.slice(0, length);
    const cut = text.length - (/\x1b[^p]{0,12}$/.exec(text)?.[0].length ?? 0); // eslint-disable-line no-control-regex -- half a query
    this.rest = this.rest.slice(cut === 0 ? text.length : cut);
    this.idleMs = text === '' ? this.idleMs + 10 : 0;
    this.gathered = this.idleMs >= 50 ? 0 : this.gathered + text.length;
    this.mostGathered = Math.max(this.mostGathered, this.gathered);
    this.shown += text.slice(0, cut === 0 ? text.length : cut).replace(query, (_query, mode: string) => {
      this.answer(`\x1b[?${mode};0$y`);
      return '';
    });
  }
}

/** A session that sends lines as fast as it is read. */
class Flood {
  sent = '';
  paused = false;
  private words = '';
  private readonly line: string;
  private readonly left: { characters: number };
  private readonly send: (text: string) => void;

  constructor(line: string, characters: number, send: (text: string) => void) {
    this.line = line;
    this.left = { characters };
    this.send = send;
    setInterval(() => this.flow(), 1);
  }

  /** Its program ends: what waits in the network still comes, then some last words. */
  end(words: string): void {
    const waiting = 1_500_000;
    this.left.characters = Math.min(this.left.characters, waiting);
    this.words = words;
  }

  private flow(): void {
    for (let frames = 0; frames < 20 && !this.paused && this.left.characters > 0; frames++) {
      // Frames end anywhere.
      const from = this.sent.length % this.line.length;
      const text = this.line.repeat(16_384 / this.line.length + 2).slice(from, from + 16_384);
      this.left.characters -= text.length;
      this.sent += text;
      this.send(text);
    }
    if (this.left.characters <= 0 && !this.paused && this.words !== '') {
      this.send(this.words);
      this.words = '';
    }
  }
}

describe('FlowControl', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
  afterEach(() => mock.timers.reset());

  function pass(ms: number): void {
    for (let passed = 0; passed < ms; passed++) {
      clock++;
      mock.timers.tick(1);
    }
  }
  let clock = 0;
  beforeEach(() => mock.method(performance, 'now', () => clock));
  afterEach(() => mock.restoreAll());

  function flooded({ rate, answers = () => true, line = 'y\r\n', characters = 3_000_000 }: FloodOptions) {
    const typed: string[] = [];
    const gate: FlowControl = new FlowControl({
      write: (text) => terminal.write(text),
      type: (text) => typed.push(text),
      sized: () => undefined,
      pause: () => (flood.paused = true),
      resume: () => (flood.paused = false),
      linesKept: () => 100,
    });
    const terminal = new SlowTerminal(rate, (answer) => {
      if (answers()) {
        setTimeout(() => gate.input(answer), 20); // the way to the terminal and back
      }
    });
    const flood = new Flood(line, characters, (text) => gate.output(text));
    return { gate, terminal, flood, typed };
  }

  for (const rate of [300, 3_000, 12_000]) {
    it(`a terminal that shows ${rate} characters in a millisecond never has more than a moment's worth in flight`, () => {
      const { gate, terminal, flood, typed } = flooded({ rate, characters: rate * 3_000 });
      pass(500); // it learns how fast the terminal is
      terminal.mostInFlight = 0;
      pass(1_000);
      assert.ok(terminal.mostInFlight <= Math.max(rate * 250, 128 * 1024), String(terminal.mostInFlight));
      assert.ok(terminal.shown.length > rate * 1_200, String(terminal.shown.length)); // and it is kept busy
      pass(3_000);
      assert.equal(terminal.shown.length, flood.sent.length);
      assert.equal(terminal.shown, flood.sent);
      assert.equal(flood.paused, false);
      assert.deepEqual(typed, []);
      gate.dispose();
    });
  }

  it('a terminal that never answers gets all of it, at a pace', () => {
    const { gate, terminal, flood } = flooded({ rate: 5_000, answers: () => false });
    pass(1_000);
    assert.ok(terminal.mostInFlight < 512 * 1024, String(terminal.mostInFlight));
    pass(4_000);
    assert.equal(terminal.shown, flood.sent);
    assert.ok(terminal.mostInFlight < 512 * 1024, String(terminal.mostInFlight));
    assert.equal(flood.paused, false);
    gate.dispose();
  });

  it('a terminal that stops answering for a minute has little waiting for it, and goes on', () => {
    const { gate, terminal, flood } = flooded({ rate: 3_000, characters: 10_000_000 });
    pass(500);
    const stop = mock.method(terminal, 'show' as never, () => undefined);
    pass(60_000);
    assert.ok(terminal.inFlight < 2 * 1024 * 1024, String(terminal.inFlight));
    stop.mock.restore();
    pass(4_000);
    assert.equal(terminal.shown, flood.sent);
    gate.dispose();
  });

  it('what a command of the shell prints has gaps, in which VS Code passes on what it gathers', () => {
    for (const [marks, hasGaps] of [
      ['\x1b]633;C\x07', true],
      ['\x1b]133;D\x07\x1b]133;C\x07', true],
      ['\x1b]633;C\x07\x1b]633;D;0\x07', false],
    ] as const) {
      const { gate, terminal, flood } = flooded({ rate: 20_000, characters: 12_000_000 });
      gate.output(marks);
      pass(3_000);
      assert.equal(terminal.shown.length, marks.length + flood.sent.length);
      assert.equal(terminal.mostGathered < 5_000_000, hasGaps, String(terminal.mostGathered));
      gate.dispose();
    }
  });

  it('a gap does not wait for answers that are lost, nor the prompt after Ctrl-C for a gap', () => {
    for (let lostAt = 200; lostAt < 450; lostAt += 20) {
      let lost = false;
      const { gate, terminal, flood } = flooded({
        rate: 20_000,
        characters: 7_000_000,
        answers: () => !lost,
      });
      gate.output('\x1b]633;C\x07');
      pass(lostAt);
      lost = true;
      pass(80);
      lost = false;
      pass(2_000);
      assert.equal(terminal.shown.length, 8 + flood.sent.length, `lost at ${lostAt} ms`);
      gate.dispose();
    }
    for (let flooding = 1_000; flooding < 1_200; flooding += 70) {
      const other = flooded({ rate: 20_000, characters: 100_000_000 });
      other.gate.output('\x1b]633;C\x07');
      pass(flooding);
      other.gate.input('\x03');
      other.flood.end('^C\r\n$ ');
      pass(300);
      assert.ok(other.terminal.shown.endsWith('^C\r\n$ '), `${flooding} ms`);
      other.gate.dispose();
    }
  });

  it('answers that are lost cost a second', () => {
    let lost = false;
    const { gate, terminal, flood } = flooded({ rate: 20_000, characters: 30_000_000, answers: () => !lost });
    pass(1_000);
    lost = true;
    pass(500);
    lost = false;
    pass(3_000);
    assert.equal(terminal.shown.length, flood.sent.length);
    gate.dispose();
  });

  it('one string of ten megabytes, in which no query can stand, passes', () => {
    const { gate, terminal, flood } = flooded({ rate: 3_000 });
    pass(1_500);
    const picture = `\x1bPq${'~'.repeat(10_000_000)}\x1b\\`;
    gate.output(picture);
    pass(10_000);
    assert.equal(terminal.shown.length, flood.sent.length + picture.length);
    gate.dispose();
  });

  const other = fc.constantFrom(
    '\x1b[?1;2c',
    '\x1b[?2026;2$y',
    '\x1b[12;40R',
    '\x1b[?77777777;1$y',
    '\x1b[?1234;0$y',
    '\x1b[?99999999;0$y',
  );
  const key = fc.oneof(
    fc.constantFrom('\x03', 'é', '\r', '\x1b[A', '\x1bOP', '\x1b', '\x1b['),
    fc.string(),
    other,
  );

  it('takes its answers out of the input, glued to keys or cut anywhere, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 12 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (keys, cuts) => {
          const asked: string[] = [];
          let typed = '';
          const gate = new FlowControl({
            write: (text) => asked.push(...Array.from(text.matchAll(query), ([, mode = '']) => mode)),
            type: (text) => (typed += text),
            sized: () => undefined,
            pause: () => undefined,
            resume: () => undefined,
            linesKept: () => 100,
          });
          gate.output('line\r\n'.repeat(20_000));
          assert.ok(asked.length > 0);
          const answers = asked.map((mode) => `\x1b[?${mode};0$y`);
          const input = keys.flatMap((text, index) => [text, answers[index] ?? '']);
          input.push(...answers.slice(keys.length));
          const all = input.join('');
          const ends = [...new Set([...cuts.filter((cut) => cut < all.length), all.length])].toSorted(
            (a, b) => a - b,
          );
          ends.forEach((end, index) => gate.input(all.slice(ends[index - 1] ?? 0, end)));
          pass(2_000);
          assert.equal(typed, keys.join(''));
          gate.dispose();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('a key goes out at once while output waits; Escape by itself, in a moment', () => {
    const { gate, typed } = flooded({ rate: 300 });
    pass(100);
    gate.input('\x03');
    assert.deepEqual(typed.splice(0), ['\x03']);
    gate.input('\x1b');
    pass(11);
    assert.deepEqual(typed.splice(0), ['\x1b']);
    gate.input('\x1b[?1');
    pass(500); // an answer's rest may be late; no key begins so
    gate.input('2;3c');
    assert.deepEqual(typed, ['\x1b[?12;3c']);
    gate.dispose();
  });

  it('a query whose answer is lost holds Escape back for half a minute at most', () => {
    const { gate, typed } = flooded({ rate: 300, answers: () => false, characters: 100_000 });
    pass(1_000);
    gate.input('\x1b');
    assert.deepEqual(typed, []);
    pass(40_000);
    assert.deepEqual(typed.splice(0), ['\x1b']);
    gate.input('\x1b');
    assert.deepEqual(typed, ['\x1b']);
    gate.dispose();
  });

  for (const line of ['y\r\n', '\x1b[31mred\x1b[0m\r\n'])
    it(`Ctrl-C: of ${JSON.stringify(line)} what waited is read at once, and only the lines that stay are shown`, () => {
      const { gate, terminal, flood, typed } = flooded({ rate: 300, characters: 6_000_000, line });
      pass(2_000);
      const { length } = flood.sent;
      gate.input('\x03');
      flood.end('^C\r\n$ ');
      pass(600);
      assert.deepEqual(typed, ['\x03']);
      assert.ok(flood.sent.length > length + 1_000_000, 'nothing was waiting');
      assert.match(terminal.shown.slice(-5_000), /([^\r\n]+\r\n){99}.*\^C\r\n\$ $/);
      assert.ok(terminal.shown.length < length + 100_000);
      gate.dispose();
    });

  it('Ctrl-C in output that moves the cursor: only the end of what waited is shown, and modes last', () => {
    const line = '\x1b[A\x1b[2Kat 42%\r\n';
    const { gate, terminal, flood } = flooded({ rate: 300, characters: 6_000_000, line });
    pass(2_000);
    const { length } = terminal.shown;
    gate.input('\x03');
    flood.end('\x1b[?25h^C\r\n$ ');
    pass(2_500);
    assert.ok(terminal.shown.endsWith(`\x1b[?25h^C\r\n$ `));
    assert.ok(terminal.shown.length < length + 700_000, String(terminal.shown.length - length));
    gate.dispose();
  });

  // The ends of what bash and its terminal's driver really wrote, and other places where the driver may cut.
  for (const cut of [
    '\x1b[48;5;18m \x1b[48;2;18;80;160m \x1b',
    '\x1b[48;2;18;8',
    '\x1b]8;;https://example.com/ord',
    '\x1bP1;2',
    '\x1b(',
  ])
    for (const [key, echo] of [
      ['\x03', '^C'],
      ['\x1a', '^Z'],
      ['\x1c', '^\\'],
    ] as const)
      it(`${echo} in the middle of ${JSON.stringify(cut)}: what comes after it is seen`, async () => {
        mock.timers.reset();
        const terminal = new Terminal(versions['xterm.js 6']);
        const ignore = () => undefined;
        const gate = new FlowControl({
          ...{ write: (text) => terminal.write(text), type: ignore, sized: ignore },
          ...{ pause: ignore, resume: ignore, linesKept: () => 100 },
        });
        gate.output(`a line\r\n${cut}`);
        gate.input(key);
        gate.output(`${echo}\r\n$ `);
        const rows = (await terminal.text()).map((row) => row.trim());
        assert.deepEqual(
          rows.filter((row) => row !== ''),
          ['a line', echo, '$'],
        );
        gate.dispose();
      });

  it('Ctrl-C in such output, in a slow terminal: the prompt comes behind no more than it shows in a moment', () => {
    const rate = 300;
    const { gate, terminal, flood } = flooded({
      rate,
      line: '\x1b[A\x1b[2Kat 42%\r\n',
      characters: 100_000_000,
    });
    pass(3_000);
    gate.input('\x03');
    flood.end('^C\r\n$ ');
    pass(1_000);
    assert.ok(terminal.shown.endsWith('^C\r\n$ '), String(terminal.inFlight));
    gate.dispose();
  });

  it('what looks like the echo of a key that nobody pressed is left alone', () => {
    let shown = '';
    const ignore = () => undefined;
    const gate = new FlowControl({
      ...{ write: (text) => (shown += text), type: ignore, sized: ignore },
      ...{ pause: ignore, resume: ignore, linesKept: () => 100 },
    });
    gate.output('\x1b]0;press ^C\x07');
    gate.input('\x03');
    gate.output('^C\r\n\x1b]0;press ^C\x07');
    pass(10_000);
    assert.equal(shown.replace(query, ''), '\x1b]0;press ^C\x07^C\r\n\x1b]0;press ^C\x07');
    gate.dispose();
  });

  it('Ctrl-C in a program that prints on: the output goes on, and its session waits again', () => {
    const { gate, terminal, flood } = flooded({ rate: 300, characters: 100_000_000 });
    pass(2_000);
    gate.input('\x03');
    pass(100);
    const shown = terminal.shown.length;
    pass(2_000);
    assert.ok(terminal.shown.length > shown + 300 * 1_500);
    assert.ok(terminal.inFlight < 150_000, String(terminal.inFlight));
    assert.equal(flood.paused, true);
    gate.dispose();
  });

  it('writes nothing once it is disposed', () => {
    const { gate, terminal } = flooded({ rate: 300 });
    pass(100);
    gate.dispose();
    const written = mock.method(terminal, 'write');
    pass(60_000);
    assert.equal(written.mock.callCount(), 0);
  });
});

interface FloodOptions {
  /** How much the terminal shows, in characters a millisecond. */
  readonly rate: number;
  readonly answers?: () => boolean;
  readonly line?: string;
  readonly characters?: number;
}
