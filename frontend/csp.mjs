// Two libraries would break `style-src 'self'`. Each is corrected while it is bundled; when a new release of
// one no longer holds the text expected here, the build stops instead of shipping a page that the browser refuses.
import { readFile } from 'node:fs/promises';

function replacing(name, filter, expected, replacement) {
  return {
    name,
    setup(build) {
      build.onLoad({ filter }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!source.includes(expected)) {
          throw new Error(`${path} has changed: check whether the patch "${name}" is still right`);
        }
        return { contents: source.replace(expected, () => replacement), loader: 'js' };
      });
    },
  };
}

// style-mod (below the code editors) uses constructed style sheets, which a CSP allows, inside shadow roots only,
// and a <style> element, which it refuses, everywhere else. Let it use the first wherever the browser can.
const constructedSheets = replacing(
  'csp-style-mod',
  /style-mod[\\/]src[\\/]style-mod\.js$/,
  '!root.head && root.adoptedStyleSheets',
  'root.adoptedStyleSheets',
);

// domify turns text into elements. A style attribute in that text is refused; the same declarations set through
// the object model are not. So the attribute is renamed before parsing and carried over afterwards.
const stylesThroughObjectModel = replacing(
  'csp-domify',
  /domify[\\/]index\.js$/,
  'element.innerHTML = prefix + htmlString + suffix;',
  `element.innerHTML = prefix + htmlString.replace(/(<[^>]*?\\s)style=/g, '$1data-later-style=') + suffix;
	for (const styled of element.querySelectorAll('[data-later-style]')) {
		styled.style.cssText = styled.getAttribute('data-later-style');
		styled.removeAttribute('data-later-style');
	}`,
);

export const cspPatches = [constructedSheets, stylesThroughObjectModel];
