// The licences of what is bundled ask for their text to travel with it.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

function packageFolder(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1];
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(path.join(folder, file), 'utf8') : `Licence: ${license}\n`;
  return `${name} ${version}\n${'='.repeat(60)}\n${text.trim()}\n`;
}

/** Returns the licence texts of all packages among the bundled files, plus those named in `more`. */
export async function licenceTexts(inputs, more) {
  const folders = new Set([...inputs.map(packageFolder).filter(Boolean), ...more]);
  return (await Promise.all([...folders].sort().map(notice))).join('\n\n');
}
