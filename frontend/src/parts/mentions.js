// After an @ the people who may see the case are offered: arrow keys choose, Enter or Tab takes, Escape closes.
import { all, one } from './page.js';

const PAUSE = 150; // milliseconds without typing before the server is asked
const WORD = /(?:^|[^\w.@-])@([\p{L}\p{N}._-]{0,40})$/u;
let asking;
let box; // the textarea whose list is open

const list = () => one('#mention-list');

function close() {
  clearTimeout(asking);
  list()?.remove();
  box?.removeAttribute('aria-activedescendant');
  box?.removeAttribute('aria-controls');
  box = undefined;
}

const wordAt = (area) => WORD.exec(area.value.slice(0, area.selectionStart))?.[1];

function choose(option) {
  for (const other of all('[role="option"]', list())) other.setAttribute('aria-selected', String(other === option));
  box.setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({ block: 'nearest' });
}

function take(option) {
  const area = box;
  const end = area.selectionStart;
  const start = end - wordAt(area).length;
  area.setRangeText(`${option.dataset.id} `, start, end, 'end');
  close();
  area.focus();
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

function optionOf({ id, name }, index) {
  const option = document.createElement('li');
  option.id = `mention-${index}`;
  option.role = 'option';
  option.dataset.id = id;
  const small = document.createElement('span');
  small.className = 'muted';
  small.textContent = `@${id}`;
  option.append(name, ' ', small);
  option.addEventListener('mousedown', (event) => {
    event.preventDefault(); // the focus stays in the text
    take(option);
  });
  return option;
}

function show(area, people) {
  close();
  if (!people.length) return;
  box = area;
  const items = document.createElement('ul');
  items.id = 'mention-list';
  items.role = 'listbox';
  items.className = 'mention-list';
  items.ariaLabel = area.dataset.mentionsLabel;
  items.append(...people.map(optionOf));
  area.after(items);
  area.setAttribute('aria-controls', items.id);
  area.setAttribute('aria-autocomplete', 'list');
  choose(items.firstElementChild);
}

async function ask(area) {
  const word = wordAt(area);
  if (word === undefined) return close();
  try {
    const answer = await fetch(`${area.dataset.mentions}?q=${encodeURIComponent(word)}`, { headers: { Accept: 'application/json' } });
    const { people = [] } = answer.ok ? await answer.json() : {};
    if (wordAt(area) === word && document.activeElement === area) show(area, people);
  } catch {
    close(); // typing the user name works without the list
  }
}

document.addEventListener('input', ({ target }) => {
  if (!target.matches?.('[data-mentions]')) return;
  clearTimeout(asking);
  if (wordAt(target) === undefined) close();
  else asking = setTimeout(ask, PAUSE, target);
});

// Before all other keys: Enter with an open list takes a name and sends nothing.
document.addEventListener('keydown', (event) => {
  if (!box || event.target !== box || event.isComposing) return;
  const options = all('[role="option"]', list());
  const chosen = options.findIndex((option) => option.ariaSelected === 'true');
  const keys = {
    ArrowDown: () => choose(options[(chosen + 1) % options.length]),
    ArrowUp: () => choose(options[(chosen + options.length - 1) % options.length]),
    Enter: () => take(options[chosen]),
    Tab: () => take(options[chosen]),
    Escape: close,
  };
  if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  keys[event.key]();
}, true);
document.addEventListener('focusout', ({ target }) => {
  if (target === box) close();
});
