// <bpmn-viewer data-src="…xml" data-run="…json" data-label="…" data-texts='{…}'>: the diagram of a case, read only.
// An element of its own, so that a page may bring it at once or htmx may swap it in later.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

import './viewer.css';
import { addBadges, colourRun, describeRun, markRun } from './viewer-run.js';
import { translateNames } from './viewer-names.js';
import { connectZoom } from './viewer-zoom.js';

// Custom properties instead of colours: the diagram follows the page's theme without being drawn again.
const RENDERER = {
  defaultFillColor: 'var(--diagram-fill)',
  defaultStrokeColor: 'var(--diagram-line)',
  defaultLabelColor: 'var(--diagram-text)',
};
const FONT = { fontFamily: 'Inter, system-ui, "PingFang SC", "Microsoft YaHei UI", "Noto Sans CJK SC", sans-serif' };

async function load(url) {
  const response = await fetch(url, { headers: { Accept: '*/*' } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

function createViewer(container) {
  return new NavigatedViewer({
    container,
    bpmnRenderer: RENDERER,
    textRenderer: { defaultStyle: FONT, externalStyle: FONT },
    moddleExtensions: { camunda },
  });
}

class BpmnViewer extends HTMLElement {
  async connectedCallback() {
    const { src, run, label, texts } = this.dataset;
    this.texts = JSON.parse(texts);
    try {
      const [xml, taken] = await Promise.all([
        load(src).then((response) => response.text()),
        run ? load(run).then((response) => response.json()) : { nodes: {}, flows: {} },
      ]);
      if (this.isConnected) await this.draw(xml, taken, label);
    } catch (error) {
      // The drawing the server sent stays.
      this.querySelector('.bpmn-canvas')?.remove();
      this.dataset.state = 'failed';
      console.error(error);
    }
  }

  disconnectedCallback() {
    this.resize?.disconnect();
    this.viewer?.destroy();
    this.viewer = undefined;
  }

  async draw(xml, run, label) {
    const canvas = document.createElement('div');
    canvas.className = 'bpmn-canvas';
    const drawing = this.querySelector(':scope > svg');
    this.append(canvas);
    this.viewer = createViewer(canvas);
    this.viewer.on('import.parse.complete', ({ definitions }) => {
      if (!definitions) return;
      translateNames(definitions, document.documentElement.lang);
      colourRun(definitions, run);
    });
    await this.viewer.importXML(xml);
    drawing?.remove();
    const present = markRun(this.viewer, run);
    addBadges(this.viewer, present, this.texts);
    this.append(describeRun(present, this.texts));
    this.label(canvas, label);
    this.resize = connectZoom(this.viewer, this);
    this.dataset.state = 'ready';
  }

  label(canvas, label) {
    const drawing = canvas.querySelector('svg[tabindex]');
    drawing.setAttribute('role', 'img');
    drawing.setAttribute('aria-label', label);
    drawing.setAttribute('aria-keyshortcuts', '+ - 0');
  }
}

customElements.define('bpmn-viewer', BpmnViewer);
