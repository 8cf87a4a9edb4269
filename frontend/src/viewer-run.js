// What has happened in the case, shown on its diagram.
// run: {nodes: {elementId: {state: "done|active|cancelled|incident", count}}, flows: {flowId: count}}

const SIGNS = { done: '✓', active: '●', cancelled: '✕', incident: '!' }; // never by colour alone

function shapesOf(definitions) {
  return (definitions.diagrams ?? []).flatMap((diagram) => diagram.plane?.planeElement ?? []);
}

/** Colours the diagram interchange before it is drawn: arrowheads follow, which a style sheet cannot reach. */
export function colourRun(definitions, run) {
  for (const shape of shapesOf(definitions)) {
    const id = shape.bpmnElement?.id;
    const state = run.nodes[id]?.state;
    if (state) {
      shape.set('bioc:stroke', `var(--diagram-${state})`);
      shape.set('bioc:fill', `var(--diagram-${state}-fill)`);
    } else if (run.flows[id]) {
      shape.set('bioc:stroke', 'var(--diagram-done)');
    }
  }
}

/** Marks the drawn elements for the style sheet; returns those that are on the diagram, with their state. */
export function markRun(viewer, run) {
  const canvas = viewer.get('canvas');
  const registry = viewer.get('elementRegistry');
  for (const id of Object.keys(run.flows)) if (registry.get(id)) canvas.addMarker(id, 'run-taken');
  const present = Object.entries(run.nodes)
    .map(([id, { state, count }]) => ({ element: registry.get(id), state, count }))
    .filter(({ element }) => element);
  for (const { element, state } of present) canvas.addMarker(element, `run-${state}`);
  return present;
}

/** Puts a sign, and how often when it was more than once, on the corner of each element that was reached. */
export function addBadges(viewer, present, texts) {
  const overlays = viewer.get('overlays');
  for (const { element, state, count } of present) {
    const badge = document.createElement('span');
    badge.className = `run-badge run-badge-${state}`;
    badge.textContent = count > 1 ? `${SIGNS[state]} ${count}` : SIGNS[state];
    badge.title = wording(state, count, texts);
    overlays.add(element, 'run', { position: { top: -10, right: 12 }, html: badge });
  }
}

function wording(state, count, texts) {
  return count > 1 ? `${texts[state]}, ${texts.times.replace('{count}', count)}` : texts[state];
}

/** The same as a list, for people who hear the page. */
export function describeRun(present, texts) {
  const list = document.createElement('ul');
  list.className = 'bpmn-description';
  list.setAttribute('aria-label', texts.path);
  for (const { element, state, count } of present) {
    const item = document.createElement('li');
    item.textContent = `${element.businessObject.name || element.id}: ${wording(state, count, texts)}`;
    list.append(item);
  }
  return list;
}
