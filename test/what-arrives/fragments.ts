import type { Arriving } from './ways.ts';

export const methods = ['GET', 'POST', 'JSON', 'XML'] as const;
export type Method = (typeof methods)[number];

/** A parameter as a method writes it, found out in another way than the gateway does. */
export function fragmentOf(method: Method, parameter: string, arrives: Arriving): string {
  switch (method) {
    case 'GET':
    case 'POST':
      return new URLSearchParams({ [parameter]: textOf(arrives) }).toString();
    case 'JSON':
      return `"${parameter}":${jsonOf(arrives)}`;
    case 'XML':
      return arrives === null
        ? `<${parameter}/>`
        : `<${parameter}>${inElement(textOf(arrives))}</${parameter}>`;
  }
}

function textOf(arrives: Arriving): string {
  if (arrives === null) return '';
  return 'text' in arrives ? arrives.text : arrives.json;
}

function jsonOf(arrives: Arriving): string {
  if (arrives === null) return 'null';
  return 'text' in arrives ? JSON.stringify(arrives.text) : arrives.json;
}

function inElement(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
