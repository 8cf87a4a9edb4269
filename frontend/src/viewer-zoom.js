// Zooming with buttons ([data-zoom] in the same [data-diagram]) and, while the diagram has the focus, with + - 0.

const STEP = 1.25;
const SMALLEST = 0.2;
const LARGEST = 4;
const KEYS = { '+': 'in', '=': 'in', '-': 'out', 0: 'fit' };

function zoom(canvas, action) {
  if (action === 'fit') {
    canvas.zoom('fit-viewport', 'auto');
    if (canvas.zoom() > 1) canvas.zoom(1, 'auto'); // a small process is not blown up
    return;
  }
  const wanted = canvas.zoom() * (action === 'in' ? STEP : 1 / STEP);
  canvas.zoom(Math.min(LARGEST, Math.max(SMALLEST, wanted)));
}

/** Fits the diagram into its place, keeps it fitted until somebody zooms; returns the observer to disconnect. */
export function connectZoom(viewer, host) {
  const canvas = viewer.get('canvas');
  let isUntouched = true;
  const act = (action) => {
    isUntouched = action === 'fit';
    zoom(canvas, action);
  };
  viewer.get('keyboard').addListener(({ keyEvent }) => {
    const isPlain = !keyEvent.altKey && !keyEvent.ctrlKey && !keyEvent.metaKey; // Ctrl + is the browser's
    const action = isPlain ? KEYS[keyEvent.key] : undefined;
    if (!action) return undefined;
    act(action);
    return true;
  });
  for (const button of host.closest('[data-diagram]')?.querySelectorAll('[data-zoom]') ?? []) {
    button.addEventListener('click', () => act(button.dataset.zoom));
  }
  host.addEventListener('wheel', () => (isUntouched = false), { passive: true });
  host.addEventListener('pointerdown', () => (isUntouched = false));
  const observer = new ResizeObserver(() => {
    canvas.resized();
    if (isUntouched && host.clientWidth > 0) zoom(canvas, 'fit');
  });
  observer.observe(host); // calls once at the start, too
  return observer;
}
