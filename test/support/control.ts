import { Agent, request } from 'node:https';
import type { TimedRequest } from '../emulator/emulator.ts';
import type { Fault } from '../emulator/faults.ts';
import type { Timings } from '../emulator/scenario.ts';

/** The emulator's control calls; the extension host trusts its certificate. */
function call(method: string, name: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // A connection of its own: one that is kept may be closed just when it is used again.
    const options = { method, agent: new Agent() };
    const sent = request(`${process.env['ACI_TEST_CONTROL_URL'] ?? ''}/${name}`, options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text === '' ? undefined : JSON.parse(text)));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export async function requests(): Promise<readonly TimedRequest[]> {
  return (await call('GET', 'requests')) as readonly TimedRequest[]; // the emulator's own type
}

export async function forgetRequests(): Promise<void> {
  await call('DELETE', 'requests');
}

/** Answers take so long from now on, until the reset. */
export async function setTimings(delays: Timings): Promise<void> {
  await call('POST', 'timings', delays);
}

/** A container of a group writes lines to its log; its first one without a name. */
export async function writeLog(id: string, lines: readonly string[], container?: string): Promise<void> {
  await call('POST', 'logs', { id, lines, container });
}

export async function reset(): Promise<void> {
  await call('POST', 'reset');
}

export async function addFault(fault: Fault): Promise<void> {
  await call('POST', 'faults', fault);
}

/** Ends the connections that clients keep for their next request. */
export async function closeIdleConnections(): Promise<void> {
  await call('DELETE', 'connections');
}

export async function openSessions(): Promise<number> {
  const { open } = (await call('GET', 'sessions')) as { readonly open: number }; // the emulator's own type
  return open;
}

/** Ends the containers of a group, as if their program had. */
export async function endContainers(id: string, exitCode: number): Promise<void> {
  await call('POST', 'groups', { id, state: 'Terminated', exitCode });
}

/** Changes the state of a group's containers. */
export async function changeGroup(id: string, change: object): Promise<void> {
  await call('POST', 'groups', { id, ...change });
}

export async function clearFaults(): Promise<void> {
  await call('DELETE', 'faults');
}
