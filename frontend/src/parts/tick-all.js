// A box in the head of a table ticks all boxes of its form; without this script each is ticked by hand.
import { all } from './page.js';

const BOX = 'input[data-tick-all]';

const nameOf = (box) => box.dataset.tickAll || 'id';
const boxesOf = (box) => all(`input[type="checkbox"][name="${nameOf(box)}"]`, box.form);

function prepare() {
  for (const box of all(BOX)) box.hidden = false;
}

document.addEventListener('change', ({ target }) => {
  if (target.matches(BOX)) {
    for (const each of boxesOf(target)) each.checked = target.checked;
    for (const box of all(BOX)) if (box.form === target.form && nameOf(box) === nameOf(target)) box.checked = target.checked;
    return;
  }
  for (const box of all(BOX)) {
    if (box.form === target.form && target.name === nameOf(box)) {
      box.checked = boxesOf(box).every((each) => each.checked);
    }
  }
});

prepare();
