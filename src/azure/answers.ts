import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { AzureError } from './errors.ts';

/** Far more than any answer has, in bytes. */
const maxAnswer = 8 * 1024 * 1024;

/** The same of a log: the service keeps 4 MB of one, and JSON may write six bytes for one. */
const maxLog = 26 * 1024 * 1024;

/** What is read of an answer that only says why there is none, in bytes. */
const maxRefusal = 64 * 1024;

/** Far deeper than the objects and lists of any answer are nested. */
const maxDepth = 100;

/** Far more values than any answer has: nobody waits long for as many to be read. */
const maxValues = 250_000;

/**
 * Reads each answer in place of the SDK, which would read and parse anything of any size: a bounded part of it, and as one
 * of Azure's only what can be one. It has to be the last policy before the network.
 */
export const readAnswers: PipelinePolicy = {
  name: 'readAnswers',
  async sendRequest(request, next) {
    // The SDK would unzip the answer, and not notice when it breaks off.
    request.headers.delete('Accept-Encoding');
    const headers = { ...request.headers.toJSON({ preserveCase: true }), 'Accept-Encoding': 'gzip' };
    request.requestOverrides = { ...request.requestOverrides, headers };
    request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
    const response = await next(request);
    delete request.streamResponseStatusCodes;
    dropLongChallenge(response);
    const { readableStreamBody: body, ...rest } = response;
    return body === undefined ? response : { ...rest, bodyAsText: await readBody(response, body) };
  },
};

/** The longest challenge that is looked at, in characters: the SDK takes a time that grows with its square. */
const maxChallenge = 4 * 1024;

function dropLongChallenge({ headers }: PipelineResponse): void {
  if ((headers.get('WWW-Authenticate') ?? '').length > maxChallenge) {
    headers.delete('WWW-Authenticate');
  }
}

/** @throws {AzureError} where the body ends before its end, or cannot be one of Azure's. */
async function readBody(response: PipelineResponse, body: NodeJS.ReadableStream): Promise<string> {
  const isRefusal = response.status >= 300;
  const max = isRefusal
    ? maxRefusal
    : new URL(response.request.url).pathname.endsWith('/logs')
      ? maxLog
      : maxAnswer;
  const bytes = await readUpTo(max + 1, response, body);
  const text = new TextDecoder().decode(bytes);
  if (!isRefusal && (bytes.length > max || !isAnswer(text))) {
    throw new AzureError({
      kind: 'notAzure',
      detail: `HTTP ${response.status}, ${describe(response, bytes)}`,
    });
  }
  return text;
}

function describe({ headers }: PipelineResponse, bytes: Buffer): string {
  return `${bytes.length} bytes or more of ${headers.get('Content-Type') ?? 'no type'}`;
}

async function readUpTo(
  max: number,
  { headers, request: { abortSignal } }: PipelineResponse,
  body: NodeJS.ReadableStream,
): Promise<Buffer> {
  const stream = headers.get('Content-Encoding') === 'gzip' ? unzip(body) : body;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Leaving the loop closes the connection.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= max) {
        break;
      }
    }
  } catch (error) {
    throw abortSignal?.aborted === true ? error : new AzureError({ kind: 'brokenOff' }, { cause: error });
  }
  return Buffer.concat(chunks).subarray(0, max);
}

function unzip(body: NodeJS.ReadableStream): NodeJS.ReadableStream {
  return pipeline(body, createGunzip(), () => undefined); // who reads it learns of an error
}

/** Whether a text can be what Azure answers: nothing, or an object that can be read at once. */
function isAnswer(text: string): boolean {
  const start = text.trimStart().charAt(0);
  return start === '' || (start === '{' && isShallow(text));
}

/** Whether a JSON text has no more values, and is nested no deeper, than an answer. One look, which keeps nothing. */
function isShallow(text: string): boolean {
  let depth = 0;
  let values = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === '\\') {
        at++;
      } else if (character === '"') {
        inText = false;
      }
      continue;
    }
    switch (character) {
      case '"':
        inText = true;
        break;
      case '{':
      case '[':
        depth++;
        values++;
        break;
      case '}':
      case ']':
        depth--;
        break;
      case ',':
        values++;
        break;
    }
    if (depth > maxDepth || values > maxValues) {
      return false;
    }
  }
  return true;
}
