import { subscriptionOf } from '../../azure/resourceIds.ts';
import { shortName } from '../messages/plainText.ts';
import type { CommandTarget } from './containerCommand.ts';

/**
 * The names of the containers, of one width: with the group where one comes twice, with the resource group too where that
 * does not tell them apart, and with the subscription where nothing else does.
 */
export function containerLabels(targets: readonly CommandTarget[]): readonly string[] {
  const places = targets.map(({ container, group }) => [
    container.name,
    group.name,
    group.resourceGroup,
    subscriptionOf(group.id),
  ]);
  const labels = places.map((place) => {
    const isAlone = (parts: number) =>
      places.filter((other) => place.slice(0, parts).every((part, index) => part === other[index])).length ===
      1;
    const needed = [1, 2, 3].find(isAlone) ?? place.length;
    const [name = '', ...around] = place.slice(0, needed).map(shortName);
    return around.length === 0 ? name : `${name} (${around.join(', ')})`;
  });
  const width = Math.max(...labels.map(({ length }) => length));
  return labels.map((label) => label.padEnd(width));
}
