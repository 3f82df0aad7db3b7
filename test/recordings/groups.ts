import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { createHttpHeaders, type PipelinePolicy } from '@azure/core-rest-pipeline';
import { toContainerGroup, type ContainerGroup } from '../../src/azure/containerGroups.ts';

/** A container group as Azure writes it, as far as the tests look into it. */
export interface GroupBody {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly containers: readonly { readonly name: string; readonly properties?: object }[];
  };
}

export interface Recording {
  readonly file: string;
  readonly groups: readonly GroupBody[];
}

/** The container groups in the published recordings and examples below `folder`; none where it is absent. */
export function recordedGroups(folder: string): readonly Recording[] {
  return ['recordings', 'spec/examples-2025-09-01']
    .map((name) => path.join(folder, name))
    .filter(existsSync)
    .flatMap((name) => readdirSync(name).map((file) => path.join(name, file)))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file: path.basename(file), groups: groupsIn(JSON.parse(readFileSync(file, 'utf8'))) }))
    .filter(({ groups }) => groups.length > 0);
}

function groupsIn(value: unknown): GroupBody[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inner = Object.values(value).flatMap(groupsIn);
  return isGroup(value) ? [value, ...inner] : inner;
}

function isGroup(value: object): value is GroupBody {
  return (
    'id' in value &&
    'name' in value &&
    'properties' in value &&
    typeof value.id === 'string' &&
    value.id.includes('/containerGroups/')
  );
}

/** Reads a body exactly as a GET would: through the SDK's own deserializer. */
export async function readGroup(body: GroupBody): Promise<ContainerGroup> {
  const answer: PipelinePolicy = {
    name: 'answer',
    sendRequest: (request) =>
      Promise.resolve({
        request,
        status: 200,
        headers: createHttpHeaders(),
        bodyAsText: JSON.stringify(body),
      }),
  };
  const client = new ContainerInstanceManagementClient(
    { getToken: () => Promise.resolve({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 }) },
    '00000000-0000-0000-0000-000000000000',
    { apiVersion: '2025-09-01', additionalPolicies: [{ policy: answer, position: 'perRetry' }] },
  );
  return toContainerGroup(await client.containerGroups.get('rg', 'g'), body.id);
}
