import type { TokenCredential } from '@azure/core-auth';
import type { Cloud } from '../clouds.ts';
import { ContainerGroupOperations } from './containerGroupOperations.ts';
import { ContainerOperations } from './containerOperations.ts';
import { MetricOperations } from './metricOperations.ts';
import { RegistryOperations } from './registryOperations.ts';
import { Requests, type RequestOptions } from './requests.ts';
import { SubscriptionOperations } from './subscriptionOperations.ts';

/** Azure Resource Manager of one cloud, seen with one credential; its operations in groups, as the REST reference has them. */
export class ResourceManagerClient {
  readonly subscriptions: SubscriptionOperations;
  readonly containerGroups: ContainerGroupOperations;
  readonly containers: ContainerOperations;
  readonly metrics: MetricOperations;
  readonly registries: RegistryOperations;

  constructor(cloud: Cloud, credential: TokenCredential, options: RequestOptions = {}) {
    const requests = new Requests(cloud, credential, options);
    this.subscriptions = new SubscriptionOperations(requests);
    this.containerGroups = new ContainerGroupOperations(requests);
    this.containers = new ContainerOperations(requests);
    this.metrics = new MetricOperations(requests);
    this.registries = new RegistryOperations(requests);
  }
}
