import assert from 'node:assert/strict';
import fc, { anyCharacter } from '../fc.ts';
import { OutputDamaged, RemoteShellLost } from '../../../src/exec/remoteShell/errors.ts';
import { quote } from '../../../src/exec/remoteShell/quote.ts';
import type { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';

const never = new AbortController().signal;

const anyByte = fc.nat(255);
/** What is hard for shells and terminals comes often. */
const hardByte = fc.constantFrom(
  ...Buffer.from('\0\x01\x03\x04\x11\x13\x1a\x1c\n\r \\\'"$`!*-%\x7f\x80\xff'),
);
const bytes = (maxLength: number) =>
  fc.array(fc.oneof(anyByte, hardByte), { maxLength }).map((list) => Buffer.from(list));
const argument = bytes(40).map((value) => Buffer.from(value.filter((byte) => byte !== 0)));
const text = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...Array.from('\n\r\t\x01\x1b \\\'"$`!*-~#%;&|')),
      fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 }),
    ),
    maxLength: 30,
  })
  .map((value) => value.replaceAll('\0', ''));

const octal = (data: Buffer) => Array.from(data, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
const single = (value: string) => `'${value.replaceAll("'", String.raw`'\''`)}'`;

/** Something to run. */
type Work =
  | {
      readonly kind: 'command';
      readonly output: Buffer;
      readonly errors: Buffer;
      readonly words: readonly string[];
      readonly code: number;
    }
  | { readonly kind: 'reading'; readonly words: readonly Buffer[]; readonly code: number }
  | { readonly kind: 'script'; readonly word: Buffer; readonly code: number };

const code = fc.nat(255);
const work: fc.Arbitrary<Work> = fc.oneof(
  fc.record({
    kind: fc.constant('command' as const),
    output: bytes(300),
    errors: bytes(60),
    words: fc.array(text, { minLength: 1, maxLength: 4 }),
    code,
  }),
  fc.record({
    kind: fc.constant('reading' as const),
    words: fc.array(argument, { minLength: 1, maxLength: 4 }),
    code,
  }),
  fc.record({ kind: fc.constant('script' as const), word: argument, code }),
);

/** What comes of it, and what should where nothing goes wrong. */
interface Outcome {
  readonly actual: unknown;
  readonly expected: unknown;
}

function outcome(item: Work, engine: RemoteEngine): Promise<Outcome> {
  switch (item.kind) {
    case 'command':
      return runCommand(item, engine);
    case 'reading':
      return read(item, engine);
    case 'script':
      return runScript(item, engine);
  }
}

async function runCommand(
  { output, errors, words, code }: Work & { kind: 'command' },
  engine: RemoteEngine,
): Promise<Outcome> {
  const [value = '', ...others] = words;
  const line =
    `printf '${octal(output)}'; printf '${octal(errors)}' >&2; ` +
    `printf '%s\\000' "$PWD" "$VALUE" ${others.map(single).join(' ')}; exit ${code}`;
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const events = {
    onStdout: (data: Buffer) => stdout.push(Buffer.from(data)),
    onStderr: (data: Buffer) => stderr.push(Buffer.from(data)),
  };
  const { exitCode, output: check } = await engine.run(
    { line, env: { VALUE: value }, cwd: '/tmp' },
    events,
    never,
  );
  if (check === 'damaged') {
    assert.equal(exitCode, code);
    throw new OutputDamaged();
  }
  const printed = ['/tmp', ...words].map((word) => Buffer.from(`${word}\0`));
  return {
    actual: { exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) },
    expected: { exitCode: code, stdout: Buffer.concat([output, ...printed]), stderr: errors },
  };
}

async function read({ words, code }: Work & { kind: 'reading' }, engine: RemoteEngine): Promise<Outcome> {
  const data: Buffer[] = [];
  const source = `printf '%s\\000' ${words.map((word) => quote(word)).join(' ')};echo oops >&2;(exit ${code})`;
  const onData = (part: Buffer) => data.push(Buffer.from(part));
  const { exitCode, errors } = await engine.read(source, { onData }, never);
  const printed = words.flatMap((word) => [word, Buffer.of(0)]);
  return {
    actual: { exitCode, errors, data: Buffer.concat(data) },
    expected: { exitCode: code, errors: 'oops\n', data: Buffer.concat(printed) },
  };
}

async function runScript({ word, code }: Work & { kind: 'script' }, engine: RemoteEngine): Promise<Outcome> {
  const source = `printf %s ${quote(word)};exit ${code}`;
  const { exitCode, text: printed } = await engine.script(source, { signal: never, isRepeatable: true });
  let end = word.length;
  while (word[end - 1] === 0x0a) {
    end--;
  }
  return { actual: { exitCode, printed }, expected: { exitCode: code, printed: word.subarray(0, end) } };
}

/**
 * Random work gives the right result; where `mayFail`, that or an error that says what was lost. Resolves to how many cases
 * gave a result.
 */
export async function expectRightResults(
  engine: RemoteEngine,
  cases: number,
  mayFail = false,
): Promise<number> {
  let results = 0;
  const right = fc.asyncProperty(work, async (item) => {
    try {
      const { actual, expected } = await outcome(item, engine);
      assert.deepEqual(actual, expected);
      results++;
    } catch (error) {
      if (!mayFail || !(error instanceof OutputDamaged || error instanceof RemoteShellLost)) {
        throw error;
      }
    }
  });
  await fc.assert(right, { numRuns: cases, endOnFailure: true });
  return results;
}
