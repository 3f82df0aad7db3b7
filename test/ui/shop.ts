import type { Scenario } from '../emulator/scenario.ts';

export const subscriptionId = '11111111-0001-4000-8000-000000000001';
/** One container with a file system of its own. */
export const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId,
      displayName: 'Contoso Production',
      groups: [
        {
          name: 'shop',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          containers: [{ name: 'web', image: 'contoso/web', root: 'debian' }],
        },
      ],
    },
  ],
};
export const groupId = `/subscriptions/${subscriptionId}/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop`;
