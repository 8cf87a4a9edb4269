// Bundles the pages' scripts and styles into app/web/static/dist, each file named after its content, and writes
// manifest.json (logical name -> file), which the server reads to make its links.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import esbuild from 'esbuild';

import { cspPatches } from './csp.mjs';
import { iconSprite } from './icons.mjs';
import { licenceTexts } from './licences.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(here, '../app/web/static/dist');
const fresh = `${target}.new`;
const ENTRIES = { app: 'src/app.js', viewer: 'src/viewer.js' };

async function bundle() {
  const { metafile } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ENTRIES,
    outdir: fresh,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none', // whole licence texts are written below
    loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'file', '.svg': 'file', '.png': 'file' },
    entryNames: '[name]-[hash]',
    assetNames: 'assets/[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: cspPatches,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

function manifestOf(metafile) {
  const manifest = {};
  for (const [output, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    if (!entryPoint || !output.endsWith('.js')) continue;
    const name = Object.keys(ENTRIES).find((entry) => ENTRIES[entry] === entryPoint);
    manifest[`${name}.js`] = path.basename(output);
    if (cssBundle) manifest[`${name}.css`] = path.basename(cssBundle);
  }
  return manifest;
}

async function writeHashed(name, text) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
  await writeFile(path.join(fresh, `${stem}-${hash}${ext}`), text);
  return `${stem}-${hash}${ext}`;
}

// A running server keeps serving the old files until the new folder is complete.
async function publish() {
  const old = `${target}.old`;
  if (existsSync(target)) await rename(target, old);
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const metafile = await bundle();
const manifest = manifestOf(metafile);
manifest['icons.svg'] = await writeHashed('icons.svg', await iconSprite());
const inputs = Object.keys(metafile.inputs).map((input) => path.resolve(here, input));
await writeFile(path.join(fresh, 'LICENCES.txt'), await licenceTexts(inputs, [path.join(here, 'node_modules/lucide-static')]));
await writeFile(path.join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await publish();
