import { isIPv4, isIPv6 } from 'node:net';
import type { ContainerGroup } from './containerGroups.ts';

/** One port of a container group that can be opened from the internet. */
export interface PublicAddress {
  readonly port: number;
  /** An http or https address, made of checked parts only. */
  readonly url: string;
}

/** The ports that are likely to speak TLS. */
const tlsPorts: readonly number[] = [443, 8443];

/** Letters, digits and hyphens between dots: what Azure makes of a label and a region. */
const hostName = /^[a-z\d-]+(?:\.[a-z\d-]+)+$/i;

/** The TCP ports of a group with a public address, at its name where it has one. */
export function publicAddresses({ ipAddress }: Pick<ContainerGroup, 'ipAddress'>): readonly PublicAddress[] {
  if (ipAddress?.type !== 'Public') {
    return [];
  }
  const host = hostOf(ipAddress.fqdn) ?? hostOf(ipAddress.ip);
  return host === undefined
    ? []
    : ipAddress.ports
        .filter(({ protocol }) => protocol.toUpperCase() === 'TCP')
        .map(({ port }) => ({
          port,
          url: new URL(`${tlsPorts.includes(port) ? 'https' : 'http'}://${host}:${port}`).href,
        }));
}

function hostOf(address = ''): string | undefined {
  return isIPv6(address) ? `[${address}]` : isIPv4(address) || hostName.test(address) ? address : undefined;
}
