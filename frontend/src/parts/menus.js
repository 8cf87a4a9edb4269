// Menus close when somebody clicks elsewhere or presses Escape; buttons open dialogs.
import { all, one } from './page.js';

const OPEN_MENUS = 'details[data-menu][open]';

document.addEventListener('click', (event) => {
  for (const menu of all(OPEN_MENUS)) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest('[data-open]');
  if (opener) one(`#${opener.dataset.open}`)?.showModal();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of all(OPEN_MENUS)) {
    menu.open = false;
    one('summary', menu).focus();
  }
});

// What only works with a script shows only with a script.
for (const element of all('[data-needs-script]')) element.hidden = false;
