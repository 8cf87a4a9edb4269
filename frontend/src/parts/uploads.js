// Files are sent one by one, each with its progress and its own refusal; dropped and pasted ones as well.
import { all, formToken, one } from './page.js';
import { refreshLists } from './live.js';

const AT_ONCE = 2;
const FORM = 'form[data-upload]';
const waiting = [];
let sending = 0;

/** Shows what needs the script, and what does not only where there is none. */
function prepare() {
  for (const element of all(`${FORM} [data-needs-script]`)) element.hidden = false;
  for (const element of all(`${FORM} [data-without-script]`)) element.hidden = true;
}

function rowOf(form, file) {
  const section = form.closest('section');
  const row = one('[data-upload-row]', section).content.firstElementChild.cloneNode(true);
  one('.upload-name', row).textContent = file.name;
  one('[data-uploads]', section).append(row);
  return row;
}

function say(row, text, isBad = false) {
  one('.upload-state', row).textContent = text;
  row.classList.toggle('is-bad', isBad);
}

function fail({ row }, text) {
  say(row, text, true);
  one('progress', row).hidden = true;
}

function add(form, file, place = undefined) {
  const upload = { form, file, row: rowOf(form, file) };
  const { largest, tooLarge, waiting: text } = form.dataset;
  one('[data-dismiss]', upload.row).addEventListener('click', () => dismiss(upload));
  one('[data-again]', upload.row).addEventListener('click', () => again(upload));
  if (file.size > Number(largest)) fail(upload, tooLarge);
  else {
    say(upload.row, text);
    waiting.splice(place ?? waiting.length, 0, upload);
    next();
  }
}

function dismiss(upload) {
  const index = waiting.indexOf(upload);
  if (index >= 0) waiting.splice(index, 1);
  upload.request?.abort();
  upload.row.remove();
}

function again(upload) {
  if (!upload.row.isConnected) return;
  one('[data-again]', upload.row).hidden = true;
  one('progress', upload.row).hidden = false;
  say(upload.row, upload.form.dataset.waiting);
  waiting.push(upload);
  next();
}

function next() {
  while (sending < AT_ONCE && waiting.length) send(waiting.shift());
}

function finish() {
  sending -= 1;
  next();
  if (!sending) refreshLists();
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function send(upload) {
  const { form, file, row } = upload;
  const content = new FormData();
  for (const input of all('input[type="hidden"]:not([name="csrf_token"])', form)) content.append(input.name, input.value);
  content.append('file', file, file.name);
  const request = new XMLHttpRequest(); // fetch tells no progress
  upload.request = request;
  sending += 1;
  request.upload.addEventListener('progress', (event) => {
    const percent = event.total ? Math.round((100 * event.loaded) / event.total) : 0;
    one('progress', row).value = percent;
    say(row, `${percent} %`);
  });
  request.addEventListener('load', () => {
    const { added, message } = answerOf(request);
    const pause = request.status === 429 && Number(request.getResponseHeader('Retry-After'));
    if (added) row.remove();
    else if (pause) setTimeout(again, pause * 1000, upload); // too many at once: this one a little later
    else fail(upload, message ?? form.dataset.failed);
    if (!added && (request.status >= 500 || request.status === 401 || request.status === 400)) one('[data-again]', row).hidden = false;
    finish();
  });
  request.addEventListener('error', () => {
    fail(upload, form.dataset.failed);
    one('[data-again]', row).hidden = false;
    finish();
  });
  request.addEventListener('abort', finish);
  request.open('POST', form.action);
  request.setRequestHeader('Accept', 'application/json');
  request.setRequestHeader('X-CSRFToken', formToken());
  request.send(content);
}

function addAll(form, files) {
  for (const file of files) add(form, file);
}

document.addEventListener('change', ({ target }) => {
  const form = target.closest?.(FORM);
  if (!form || target.type !== 'file') return;
  addAll(form, [...target.files]);
  target.value = ''; // the same file may be chosen again
});

// Anywhere over the page, so that nobody has to aim; a file dropped beside must not replace the page.
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
const mark = (isOver) => one(FORM)?.classList.toggle('is-over', isOver);
document.addEventListener('dragover', (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  mark(true);
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) mark(false);
});
document.addEventListener('drop', (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  mark(false);
  const form = one(FORM);
  if (form) addAll(form, [...event.dataTransfer.files]);
});

// A picture from the clipboard is called "image.png": the time tells several apart.
function named(file) {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return new File([file], file.name === 'image.png' ? `${time}.png` : file.name, { type: file.type });
}
document.addEventListener('paste', (event) => {
  const form = one(FORM);
  const files = [...(event.clipboardData?.files ?? [])];
  if (!form || !files.length) return;
  event.preventDefault();
  addAll(form, files.map(named));
});

addEventListener('beforeunload', (event) => {
  if (sending || waiting.length) event.preventDefault();
});
document.addEventListener('htmx:after:swap', prepare);
prepare();
