// The theme changes at once and is kept with the person's preferences in the background.
import { formToken, one } from './page.js';

const root = document.documentElement;

function isDark() {
  return root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-theme-switch]');
  if (!button) return;
  event.preventDefault();
  root.dataset.theme = isDark() ? 'light' : 'dark';
  button.value = isDark() ? 'light' : 'dark';
  const body = new URLSearchParams({ theme: root.dataset.theme, csrf_token: formToken() });
  fetch(one('form:has([data-theme-switch])').action, { method: 'POST', body, redirect: 'manual' });
});
