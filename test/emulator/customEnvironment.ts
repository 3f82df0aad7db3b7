/** The value of VS Code's setting `microsoft-sovereign-cloud.customEnvironment` for an emulator. */
export function customEnvironment(endpoint: string) {
  const url = `${endpoint}/`;
  return {
    name: 'Simulated Azure',
    portalUrl: 'https://portal.example/',
    managementEndpointUrl: url,
    resourceManagerEndpointUrl: url,
    activeDirectoryEndpointUrl: url,
    activeDirectoryResourceId: url,
  };
}
