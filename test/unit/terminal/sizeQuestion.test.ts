import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import fc from '../../support/fc.ts';
import { FlowControl } from '../../../src/terminal/flowControl.ts';

/** What a terminal answers: questions about modes, and for its size, with a P before those of the program. */
const questions = /\x1b\[\?(\d+)\$p|(P?)\x1b\[18t/g; // eslint-disable-line no-control-regex -- they start with ESC

/** A terminal that is asked by us and by a program. Each time that it is asked for its size, it has a row more. */
class Asked {
  /** Whether it answers what is written now. */
  answers = true;
  /** What has reached the program, and the rows that we were told of. */
  typed = '';
  readonly rows: number[] = [];
  /** What should have. */
  expectedTyped = '';
  readonly expectedRows: number[] = [];
  readonly flow = new FlowControl({
    write: (text) => this.write(text),
    type: (text) => (this.typed += text),
    sized: ({ rows }) => this.rows.push(rows),
    pause: () => undefined,
    resume: () => undefined,
    linesKept: () => 100,
  });
  private readonly waiting: { readonly answer: string; readonly arrives: () => unknown }[] = [];
  private unread = '';
  private asked = 0;

  type(keys: string): void {
    this.expectedTyped += keys;
    this.flow.input(keys);
  }

  /** The next answers arrive, cut at these places. */
  deliver(count = Number.POSITIVE_INFINITY, cuts: readonly number[] = []): void {
    const answers = this.waiting.splice(0, count);
    answers.forEach(({ arrives }) => arrives());
    const text = answers.map(({ answer }) => answer).join('');
    const places = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b)];
    places.forEach((place, index) => this.flow.input(text.slice(place, places[index + 1])));
  }

  private write(text: string): void {
    this.unread += text;
    let end = 0;
    for (const { 0: question, 1: mode, 2: program, index } of this.unread.matchAll(questions)) {
      end = index + question.length;
      if (mode === undefined) {
        this.asked++;
      }
      if (this.answers) {
        this.answer(mode, program === 'P');
      }
    }
    this.unread = this.unread.slice(end);
  }

  private answer(mode: string | undefined, isOfProgram: boolean): void {
    const rows = this.asked;
    const answer = mode === undefined ? `\x1b[8;${rows};80t` : `\x1b[?${mode};0$y`;
    const arrives = () => {
      if (isOfProgram) {
        this.expectedTyped += answer;
      } else if (mode === undefined) {
        this.expectedRows.push(rows);
      }
    };
    this.waiting.push({ answer, arrives });
  }
}

const programAsks = 'P\x1b[18t';

describe('FlowControl.askSize', () => {
  let clock = 0;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => clock);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  function pass(ms: number): void {
    clock += ms;
    mock.timers.tick(ms);
  }

  function expectAll(terminal: Asked): void {
    assert.equal(terminal.typed, terminal.expectedTyped);
    assert.deepEqual(terminal.rows, terminal.expectedRows);
    terminal.flow.dispose();
  }

  it('asks when the sequence that has begun is over; the program has its own answer till then', () => {
    const terminal = new Asked();
    terminal.flow.output(`${programAsks}\x1b]0;a title`);
    terminal.flow.askSize();
    terminal.deliver();
    assert.equal(terminal.typed, '\x1b[8;1;80t');
    terminal.flow.output(`\x07${programAsks}`);
    terminal.deliver();
    assert.deepEqual(terminal.rows, [3]);
    expectAll(terminal);
  });

  it('a question that is never answered takes no answer of the program, and holds no key back for ever', () => {
    const terminal = new Asked();
    terminal.answers = false;
    terminal.flow.askSize();
    terminal.answers = true;
    terminal.flow.output(programAsks);
    terminal.deliver();
    assert.equal(terminal.typed, '\x1b[8;2;80t');
    terminal.type('\x1b');
    assert.equal(terminal.typed, '\x1b[8;2;80t');
    pass(10);
    expectAll(terminal);
    pass(30_000);
    terminal.type('\x1b');
    expectAll(terminal);
  });

  it('an answer that comes after a minute is one to us all the same', () => {
    const terminal = new Asked();
    terminal.flow.askSize();
    terminal.flow.output(programAsks);
    pass(60_000);
    terminal.deliver();
    assert.deepEqual(terminal.rows, [1]);
    expectAll(terminal);
  });

  it('whoever asks has the answers to that, in whatever order they ask, and whichever are lost', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({
          output: fc.constantFrom('text', programAsks, 'P\x1b[1', '8t', '\x1b]0;', '\x07', '\r\n'),
        }),
        fc.constant('ask' as const),
        fc.record({ answers: fc.boolean() }),
        fc.record({
          key: fc.constantFrom('a', '\r', '\x1b', '\x1b[A', '\x1b[8~', '\x1b[8;5u', '\x1b[?62;c'),
        }),
        fc.record({ deliver: fc.nat(5), cuts: fc.array(fc.nat(60), { maxLength: 3 }) }),
        fc.record({ ms: fc.constantFrom(1, 11, 1_001) }),
        fc.constant('late' as const),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (taken) => {
        const terminal = new Asked();
        for (const step of taken) {
          if (step === 'ask') {
            terminal.flow.askSize();
          } else if (step === 'late') {
            pass(40_000);
            terminal.deliver(); // no key waits any more, so these do not come in parts
          } else if ('output' in step) {
            terminal.flow.output(step.output);
          } else if ('answers' in step) {
            terminal.answers = step.answers;
          } else if ('key' in step) {
            terminal.type(step.key);
          } else if ('ms' in step) {
            pass(step.ms);
          } else {
            terminal.deliver(step.deliver, step.cuts);
          }
        }
        terminal.deliver();
        pass(1_000);
        expectAll(terminal);
      }),
      { numRuns: 600 },
    );
  });
});
