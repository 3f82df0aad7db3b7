/** The login server of the Azure Container Registry that an image comes from; undefined for all other registries. */
export function azureRegistryOf(image: string): string | undefined {
  const [server = ''] = image.toLowerCase().split('/', 1);
  return /^[a-z0-9-]+\.azurecr\.(?:io|us|cn)$/.test(server) ? server : undefined;
}
