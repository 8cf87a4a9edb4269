// One tick for all the ticks of a list. Without this program people tick them one by one.
import { all } from './page.js';

document.addEventListener('change', ({ target }) => {
  if (!target.matches?.('[data-tick-all]')) return;
  for (const box of all('input[type="checkbox"][name="id"]', target.form)) box.checked = target.checked;
});
