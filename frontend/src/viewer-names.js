// A diagram is drawn with English names and carries the other languages in extension elements:
// <aftercare:translations><aftercare:translation locale="zh_CN" name="…"/></aftercare:translations>

const TRANSLATIONS = 'aftercare:translations';

function translatedName(element, wanted) {
  const [extension] = element.extensionElements?.values?.filter(({ $type }) => $type === TRANSLATIONS) ?? [];
  const match = extension?.$children?.find(({ locale }) => locale?.split(/[-_]/)[0] === wanted);
  return match?.name;
}

function children(element) {
  return [
    ...(element.rootElements ?? []),
    ...(element.participants ?? []),
    ...(element.messageFlows ?? []),
    ...(element.laneSets ?? []),
    ...(element.lanes ?? []),
    ...(element.childLaneSet ? [element.childLaneSet] : []),
    ...(element.flowElements ?? []),
  ];
}

/** Replaces the names of all elements of `definitions` by those for `language` (as in <html lang>), where given. */
export function translateNames(definitions, language) {
  const wanted = language.split(/[-_]/)[0];
  const open = [definitions];
  while (open.length > 0) {
    const element = open.pop();
    const name = translatedName(element, wanted);
    if (name) element.name = name;
    open.push(...children(element));
  }
}
