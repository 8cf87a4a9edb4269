// One SVG with a <symbol> per icon: pages say <use href="icons.svg#inbox">.
import { readFile } from 'node:fs/promises';

const PRESENTATION =
  'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"';

async function symbol(name) {
  const source = await readFile(new URL(`node_modules/lucide-static/icons/${name}.svg`, import.meta.url), 'utf8');
  const drawing = source.slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.lastIndexOf('</svg>'));
  return `<symbol id="${name}" ${PRESENTATION}>${drawing.replace(/\s+/g, ' ').trim()}</symbol>`;
}

/** Returns the sprite with the icons that icons.json names; an unknown name stops the build. */
export async function iconSprite() {
  const names = JSON.parse(await readFile(new URL('icons.json', import.meta.url), 'utf8'));
  const symbols = await Promise.all(names.map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;
}
