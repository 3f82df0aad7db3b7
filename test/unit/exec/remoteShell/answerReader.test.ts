import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../../support/fc.ts';
import { AnswerReader, type AgentMessage } from '../../../../src/exec/remoteShell/answerReader.ts';

const token = '0123456789abcdef';
const mark = (kind: string) => Buffer.from(`\x01${token}${kind}`);
const answer = (number: number, code: number, text: Buffer) => {
  const tail = Buffer.from(`${number}:${code}:`);
  return Buffer.concat([mark('='), tail, text, mark('/'), text, mark('.'), tail]);
};

function readAll(pieces: readonly Buffer[]): {
  readonly raw: Buffer;
  readonly messages: readonly AgentMessage[];
} {
  const raw: Buffer[] = [];
  const messages: AgentMessage[] = [];
  const reader = new AnswerReader(
    token,
    (data) => raw.push(Buffer.from(data)),
    (message) => messages.push(message),
  );
  pieces.forEach((piece) => reader.read(piece));
  return { raw: Buffer.concat(raw), messages };
}

/** Cuts data at these places. */
function cut(data: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...new Set(places.map((place) => place % (data.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => data.subarray(start, ends[index] ?? data.length));
}

const byte = fc.oneof(fc.nat(255), fc.constantFrom(1, ...Buffer.from('0:=/.')));
const bytes = fc.array(byte, { maxLength: 40 }).map((list) => Buffer.from(list));
const answers = fc.array(fc.record({ before: bytes, number: fc.nat(99), code: fc.nat(255), text: bytes }), {
  maxLength: 4,
});

describe('AnswerReader', () => {
  it('tells answers and raw output apart, wherever they are cut', () => {
    const right = fc.property(answers, bytes, fc.array(fc.nat(1_000)), (parts, rest, places) => {
      const sent = parts.flatMap(({ before, number, code, text }) => [before, answer(number, code, text)]);
      const { raw, messages } = readAll(cut(Buffer.concat([...sent, rest, Buffer.of(0)]), places));
      assert.deepEqual(raw, Buffer.concat([...parts.map(({ before }) => before), rest, Buffer.of(0)]));
      assert.deepEqual(
        messages,
        parts.map(({ number, code, text }) => ({ kind: 'answer', number, exitCode: code, text })),
      );
    });
    fc.assert(right, { numRuns: 120 });
  });

  it('believes no answer of which a byte was lost or changed', () => {
    const whole = answer(12, 3, Buffer.from('some text'));
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x08;
      const lost = Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
      for (const data of [changed, lost]) {
        const { messages } = readAll([data, mark('?')]);
        assert.ok(
          messages.every(({ kind }) => kind !== 'answer'),
          `byte ${at}`,
        );
      }
    }
  });

  it('ends an answer that has no end', () => {
    const { messages } = readAll([mark('='), Buffer.alloc(9 * 1024 * 1024, 'x')]);
    assert.deepEqual(messages, [{ kind: 'tooLong' }]);
  });
});
