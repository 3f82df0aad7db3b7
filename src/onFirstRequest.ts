// What is loaded when Azure is first asked for something, in one file for the same reason as `onFirstUse.ts`.
export { AzureClient } from './azure/azureClient.ts';
export { credentialAccount } from './azure/credentials.ts';
