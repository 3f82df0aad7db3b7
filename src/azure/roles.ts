/**
 * The built-in role with the least rights that has an action (operation names of the role `Azure Container Instances
 * Contributor Role`, 5d977122-f97e-4b4d-a52f-6b43003ddb4d).
 */
export function roleWith(action: string): string {
  return /\/read$/i.test(action) ? 'Reader' : 'Azure Container Instances Contributor Role';
}
