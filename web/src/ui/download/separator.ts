/** What Excel takes to separate fields where somebody lives: where numbers have a decimal comma it is a semicolon. */
export function separatorOf(language: string | undefined): 'comma' | 'semicolon' {
  return new Intl.NumberFormat(language).format(1.5).includes(',') ? 'semicolon' : 'comma';
}
