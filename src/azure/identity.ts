// Only what is used of the package is bundled; this file is itself loaded with `await import()`.
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- see above
export { AzureCliCredential, DefaultAzureCredential, EnvironmentCredential } from '@azure/identity';
