// XML 1.0 (fifth edition) §2.3, without the colon, which belongs to namespaces.
const nameStart =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
const nameRest = '\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}';
const xmlName = new RegExp(`^[${nameStart}][${nameStart}${nameRest}]*$`, 'u');

/**
 * Tells whether a parameter can be an XML element: a letter or `_`, then letters, digits, `-`, `_` and `.`; no colon,
 * no space. Letters of any script are allowed, even an emoji; so are names that begin with `xml`, which parsers take.
 */
export function isXmlName(name: string): boolean {
  return xmlName.test(name);
}
