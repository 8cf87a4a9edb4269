// A comment that is being written survives looking at another tab or task; leaving the page asks first.
import { all, one } from './page.js';

const written = new Map(); // case -> text
const COMPOSER = 'form[data-composer]';

document.addEventListener('input', ({ target }) => {
  const form = target.closest?.(COMPOSER);
  if (form) written.set(form.dataset.composer, target.value);
});

function restore() {
  for (const form of all(COMPOSER)) {
    const box = one('textarea', form);
    const text = written.get(form.dataset.composer);
    if (text && !box.value) box.value = text;
  }
}

// Taken by the server: an empty box comes back. Refused: the text comes back in it.
document.addEventListener('htmx:before:swap', ({ detail: { ctx } }) => {
  const form = ctx?.sourceElement?.closest?.(COMPOSER);
  if (form && ctx.response?.raw?.ok) written.delete(form.dataset.composer);
});
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  restore();
  if (ctx?.sourceElement?.closest?.('#discussion') || ctx?.target?.id === 'discussion') {
    one(`#discussion [aria-invalid="true"], ${COMPOSER} textarea`)?.focus();
    one('#comments > ol > li:last-child')?.scrollIntoView({ block: 'nearest' });
  }
});

addEventListener('beforeunload', (event) => {
  if ([...written.values()].some((text) => text.trim())) event.preventDefault();
});
document.addEventListener('submit', ({ target }) => {
  if (target.matches(COMPOSER) && !target.hasAttribute('hx-post')) written.delete(target.dataset.composer);
}, true);
restore();
