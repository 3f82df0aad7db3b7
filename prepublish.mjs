// Makes what the VSIX holds besides the sources' own files: the bundle, the notices of the packages in it, and its
// software bill of materials.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, extension } from './esbuild.mjs';

/**
 * A package of which something is in the bundle.
 * @typedef {{ name: string, version: string, license: string, texts: string[] }} BundledPackage
 */

/**
 * The packages of which something is in the bundle, by name and version.
 * @param {import('esbuild').Metafile} metafile
 * @returns {BundledPackage[]}
 */
function bundledPackages({ outputs }) {
  const folders = new Set(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
  );
  const found = new Map([...folders].map(readPackage).map((bundled) => [idOf(bundled), bundled]));
  return [...found.values()].toSorted((a, b) => idOf(a).localeCompare(idOf(b)));
}

/**
 * @param {string} folder
 * @returns {BundledPackage}
 */
function readPackage(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice|thirdpartynotices?)\b/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (typeof license !== 'string' || texts.length === 0) {
    throw new Error(`${folder} has no license that could be passed on`);
  }
  return { name, version, license, texts };
}

/** @param {BundledPackage} bundled */
function idOf({ name, version }) {
  return `${name}@${version}`;
}

/** @param {BundledPackage[]} packages */
function notices(packages) {
  const line = '-'.repeat(80);
  const byText = Map.groupBy(packages, ({ texts }) => texts.join('\n\n'));
  return [
    'Container Instances for Azure contains parts of these packages, under their own licenses.',
    ...[...byText].map(([text, alike]) =>
      [line, ...alike.map((bundled) => `${idOf(bundled)} (${bundled.license})`), line, '', text].join('\n'),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

/**
 * The packages as CycloneDX.
 * @param {BundledPackage[]} packages
 */
function billOfMaterials(packages) {
  const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', name, version, licenses: [{ license: { id: license } }] },
    },
    components: packages.map((bundled) => ({
      type: 'library',
      'bom-ref': purl(bundled),
      name: bundled.name,
      version: bundled.version,
      purl: purl(bundled),
      licenses: [{ expression: bundled.license }],
    })),
  };
}

/** @param {BundledPackage} bundled */
function purl({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

const packages = bundledPackages(await bundle(extension));
writeFileSync('ThirdPartyNotices.txt', notices(packages));
writeFileSync('sbom.cdx.json', `${JSON.stringify(billOfMaterials(packages), undefined, 2)}\n`);
